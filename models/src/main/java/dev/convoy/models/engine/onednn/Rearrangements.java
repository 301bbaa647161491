package dev.convoy.models.engine.onednn;

import dev.convoy.models.engine.ir.Layout;
import dev.convoy.models.engine.ir.Op;
import dev.convoy.models.engine.ir.TensorType;
import dev.convoy.models.engine.onednn.Stage.Argument;
import dev.convoy.models.engine.onednn.Stage.Input;
import dev.convoy.models.engine.onednn.Stage.Operand;
import dev.convoy.models.engine.onednn.Stage.Output;
import dev.convoy.models.engine.onednn.Stage.Temporary;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bytedeco.dnnl.dnnl_memory_desc;
import org.bytedeco.dnnl.dnnl_primitive_attr;
import org.bytedeco.dnnl.dnnl_primitive_desc;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;

/** What moves tensors without computing: reorders, slices, paddings, concatenations. */
final class Rearrangements {
  private static final int CHANNELS = 1;

  private Rearrangements() {}

  /** Between any two layouts and elements; kernels of grouped convolutions have a packed rank. */
  static Lowered reorder(Lowering lowering) {
    TensorType x = lowering.input(0);
    TensorType y = lowering.output(0);
    List<Integer> dimensions = packedDimensions(x).or(() -> packedDimensions(y)).orElse(List.of());
    if (dimensions.isEmpty()) {
      dimensions = x.shape().dimensions();
    }
    dnnl_memory_desc xs = lowering.describe(x, dimensions);
    dnnl_memory_desc ys = lowering.describe(y, dimensions);
    return single(reorder(lowering, xs, new Input(0), ys, new Output(0)));
  }

  private static Optional<List<Integer>> packedDimensions(TensorType type) {
    return type.layout() instanceof Layout.Packed packed
            && packed.format() instanceof MemoryFormat format
        ? Optional.of(format.dimensions())
        : Optional.empty();
  }

  /** A block of channels is read whole and cut in a second step if the part begins inside it. */
  static Lowered slice(Op.Slice op, Lowering lowering) {
    TensorType x = lowering.input(0);
    TensorType y = lowering.output(0);
    dnnl_memory_desc xs = lowering.describe(x);
    dnnl_memory_desc ys = lowering.describe(y);
    List<Integer> sizes = y.shape().dimensions();
    Optional<dnnl_memory_desc> part = part(lowering, xs, sizes, op.from());
    if (part.isPresent()) {
      return single(reorder(lowering, part.get(), new Input(0), ys, new Output(0)));
    }
    int block = lowering.descriptors().block();
    int begin = op.from().get(CHANNELS);
    int wholeBegin = begin / block * block;
    int end = (begin + y.shape().channels() + block - 1) / block * block;
    int wholeEnd = Math.min(end, x.shape().channels());
    TensorType whole =
        y.with(y.shape().with(CHANNELS, wholeEnd - wholeBegin))
            .with(x.element())
            .with(Layout.CHANNELS_LAST);
    dnnl_memory_desc wholes = lowering.describe(whole);
    List<Integer> wholeFrom = replaced(op.from(), wholeBegin);
    dnnl_memory_desc source = requiredPart(lowering, xs, whole.shape().dimensions(), wholeFrom);
    List<Integer> inside = replaced(sizes.stream().map(size -> 0).toList(), begin - wholeBegin);
    dnnl_memory_desc cut = requiredPart(lowering, wholes, sizes, inside);
    return new Lowered(
        List.of(
            reorder(lowering, source, new Input(0), wholes, new Temporary(0)),
            reorder(lowering, cut, new Temporary(0), ys, new Output(0))),
        Optional.empty(),
        lowering.descriptors().bytes(whole));
  }

  /** Written among zeros at once, or by way of channels last if a block would be shared. */
  static Lowered pad(Op.Pad op, Lowering lowering) {
    TensorType y = lowering.output(0);
    dnnl_memory_desc xs = lowering.describe(lowering.input(0));
    dnnl_memory_desc ys = lowering.describe(y);
    List<Integer> sizes = lowering.input(0).shape().dimensions();
    Optional<dnnl_memory_desc> part = part(lowering, ys, sizes, op.before());
    if (part.isPresent()) {
      return new Lowered(
          List.of(
              zeros(lowering, y, new Output(0)),
              reorder(lowering, xs, new Input(0), part.get(), new Output(0))),
          Optional.empty(),
          0);
    }
    TensorType whole = y.with(Layout.CHANNELS_LAST);
    dnnl_memory_desc wholes = lowering.describe(whole);
    dnnl_memory_desc target = requiredPart(lowering, wholes, sizes, op.before());
    return new Lowered(
        List.of(
            zeros(lowering, whole, new Temporary(0)),
            reorder(lowering, xs, new Input(0), target, new Temporary(0)),
            reorder(lowering, wholes, new Temporary(0), ys, new Output(0))),
        Optional.empty(),
        lowering.descriptors().bytes(whole));
  }

  static Lowered concat(Op.Concat op, Lowering lowering) {
    int count = lowering.inputs();
    PointerPointer<Pointer> parts = pointers(lowering, count);
    PointerPointer<Pointer> result = pointers(lowering, 1);
    List<Argument> arguments = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      parts.put(i, lowering.describe(lowering.input(i)));
      arguments.add(new Argument(dnnl.DNNL_ARG_MULTIPLE_SRC + i, new Input(i)));
    }
    arguments.add(new Argument(dnnl.DNNL_ARG_DST, new Output(0)));
    dnnl_memory_desc ys = lowering.describe(lowering.output(0));
    dnnl_primitive_attr attributes = lowering.attributes();
    Created made = new Created();
    lowering.own(
        made,
        empty -> {
          int status =
              dnnl.dnnl_concat_primitive_desc_create(
                  result, CpuEngine.get(), ys, count, op.axis(), parts, attributes);
          empty.at(result.get(0));
          return status;
        });
    return Lowered.primitive(made, arguments);
  }

  private static PointerPointer<Pointer> pointers(Lowering lowering, int count) {
    return new PointerPointer<>(
        new Address(lowering.scope().allocate((long) count * Long.BYTES).address()));
  }

  /** A descriptor that the library returns by way of an array. */
  private static final class Created extends dnnl_primitive_desc {
    void at(Pointer made) {
      this.address = made == null ? 0 : made.address();
    }
  }

  private static Lowered single(Stage stage) {
    return new Lowered(List.of(stage), Optional.empty(), 0);
  }

  /** Fills memory with zeros. */
  static Stage zeros(Lowering lowering, TensorType type, Operand operand) {
    return new Stage.Host(new ZeroFill(lowering.descriptors().bytes(type)), List.of(operand));
  }

  private static List<Integer> replaced(List<Integer> sizes, int channels) {
    List<Integer> other = new ArrayList<>(sizes);
    other.set(CHANNELS, channels);
    return other;
  }

  /** A copy from one layout to another. */
  static Stage reorder(
      Lowering lowering, dnnl_memory_desc x, Operand from, dnnl_memory_desc y, Operand to) {
    return reorder(lowering, x, from, y, to, lowering.attributes());
  }

  /** The same, with attributes: a sum adds to what is there. */
  static Stage reorder(
      Lowering lowering,
      dnnl_memory_desc x,
      Operand from,
      dnnl_memory_desc y,
      Operand to,
      dnnl_primitive_attr attributes) {
    dnnl_primitive_desc made =
        lowering.primitive(
            empty ->
                dnnl.dnnl_reorder_primitive_desc_create(
                    empty, x, CpuEngine.get(), y, CpuEngine.get(), attributes));
    return new Stage.Primitive(
        made, List.of(new Argument(dnnl.DNNL_ARG_SRC, from), new Argument(dnnl.DNNL_ARG_DST, to)));
  }

  private static dnnl_memory_desc requiredPart(
      Lowering lowering, dnnl_memory_desc whole, List<Integer> sizes, List<Integer> from) {
    return part(lowering, whole, sizes, from)
        .orElseThrow(
            () -> new UnsupportedOperationException("oneDNN has no such part: " + lowering));
  }

  /** A part of a tensor as a view, unless it begins or ends inside a block. */
  private static Optional<dnnl_memory_desc> part(
      Lowering lowering, dnnl_memory_desc whole, List<Integer> sizes, List<Integer> from) {
    try {
      return Optional.of(
          lowering
              .scope()
              .make(
                  new dnnl_memory_desc(),
                  made ->
                      dnnl.dnnl_memory_desc_create_submemory(
                          made, whole, longs(sizes), longs(from)),
                  dnnl::dnnl_memory_desc_destroy,
                  lowering));
    } catch (UnsupportedOperationException e) {
      return Optional.empty();
    }
  }

  private static long[] longs(List<Integer> sizes) {
    return sizes.stream().mapToLong(Integer::longValue).toArray();
  }
}
