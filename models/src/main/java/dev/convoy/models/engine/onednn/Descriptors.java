package dev.convoy.models.engine.onednn;

import dev.convoy.models.engine.ir.ElementType;
import dev.convoy.models.engine.ir.Layout;
import dev.convoy.models.engine.ir.Shape;
import dev.convoy.models.engine.ir.TensorType;
import java.util.List;
import org.bytedeco.dnnl.dnnl_memory_desc;
import org.bytedeco.dnnl.global.dnnl;

/** Between the engine's types and the library's memory descriptors. */
final class Descriptors {
  private static final List<Layout> STANDARD =
      List.of(Layout.PLAIN, Layout.CHANNELS_LAST, Layout.CHANNELS_BLOCKED);

  private final InstructionSet instructions;

  Descriptors(InstructionSet instructions) {
    this.instructions = instructions;
  }

  /** Channels in a block of {@link Layout#CHANNELS_BLOCKED}. */
  int block() {
    return instructions.block();
  }

  /** The descriptor of a type, freed with the scope. */
  dnnl_memory_desc of(TensorType type, NativeScope scope) {
    return of(type, type.shape().dimensions(), scope);
  }

  /**
   * The same with the first dimension split in two, as the library wants the kernels of a grouped
   * convolution.
   *
   * @param dimensions the type's own, or {@code [groups, out / groups, ...]}
   */
  dnnl_memory_desc of(TensorType type, List<Integer> dimensions, NativeScope scope) {
    if (type.layout() instanceof Layout.Packed packed
        && packed.format() instanceof MemoryFormat format) {
      return format.descriptor(scope);
    }
    int rank = dimensions.size();
    long[] sizes = dimensions.stream().mapToLong(Integer::longValue).toArray();
    int element = element(type.element());
    if (type.layout() == Layout.ANY) {
      return withTag(rank, sizes, element, dnnl.dnnl_format_tag_any, scope);
    } else if (type.layout() == Layout.CHANNELS_BLOCKED && rank == 4) {
      int tag = instructions.block() == 16 ? dnnl.dnnl_aBcd16b : dnnl.dnnl_aBcd8b;
      return withTag(rank, sizes, element, tag, scope);
    } else if (type.layout() == Layout.PLAIN || type.layout() == Layout.CHANNELS_LAST) {
      return strided(type, sizes, strides(type, dimensions), scope);
    }
    throw new UnsupportedOperationException(
        "oneDNN cannot lay out " + type + "; blocked channels are for images only");
  }

  /** A tensor whose elements lie elsewhere than its layout says: so many elements apart. */
  dnnl_memory_desc strided(TensorType type, long[] strides, NativeScope scope) {
    long[] sizes = type.shape().dimensions().stream().mapToLong(Integer::longValue).toArray();
    return strided(type, sizes, strides, scope);
  }

  private static dnnl_memory_desc strided(
      TensorType type, long[] sizes, long[] strides, NativeScope scope) {
    int element = element(type.element());
    return scope.make(
        new dnnl_memory_desc(),
        made ->
            dnnl.dnnl_memory_desc_create_with_strides(made, sizes.length, sizes, element, strides),
        dnnl::dnnl_memory_desc_destroy,
        type);
  }

  private static dnnl_memory_desc withTag(
      int rank, long[] sizes, int element, int tag, NativeScope scope) {
    return scope.make(
        new dnnl_memory_desc(),
        made -> dnnl.dnnl_memory_desc_create_with_tag(made, rank, sizes, element, tag),
        dnnl::dnnl_memory_desc_destroy,
        "a tensor of rank " + rank);
  }

  private static long[] strides(TensorType type, List<Integer> dimensions) {
    int rank = dimensions.size();
    boolean channelsLast = type.layout() == Layout.CHANNELS_LAST && type.shape().rank() > 2;
    long[] strides = new long[rank];
    long stride = 1;
    int channels = rank - type.shape().rank() + 1;
    if (channelsLast) {
      strides[channels] = 1;
      stride = dimensions.get(channels);
    }
    for (int i = rank - 1; i >= 0; i--) {
      if (!channelsLast || i != channels) {
        strides[i] = stride;
        stride *= dimensions.get(i);
      }
    }
    return strides;
  }

  /**
   * The layout that a descriptor of the library's choice stands for: a standard one where it is
   * one.
   *
   * @param type of the operand, with any layout
   * @param dimensions that the operand's descriptor was made with
   */
  Layout layout(dnnl_memory_desc chosen, TensorType type, List<Integer> dimensions) {
    if (type.element() != ElementType.UINT8) {
      try (NativeScope scope = new NativeScope()) {
        for (Layout layout : STANDARD) {
          boolean possible = layout != Layout.CHANNELS_BLOCKED || dimensions.size() == 4;
          if (possible && equal(of(type.with(layout), dimensions, scope), chosen)) {
            return layout;
          }
        }
      }
    }
    return new Layout.Packed(
        MemoryFormat.of(chosen, dimensions), dnnl.dnnl_memory_desc_get_size(chosen));
  }

  static boolean equal(dnnl_memory_desc a, dnnl_memory_desc b) {
    return dnnl.dnnl_memory_desc_equal(a, b) != 0;
  }

  /** Bytes that a tensor of the type occupies, filling included. */
  long bytes(TensorType type) {
    if (type.layout() instanceof Layout.Packed packed) {
      return packed.bytes();
    } else if (type.layout() == Layout.ANY) {
      throw new IllegalArgumentException(type + " has no size before its layout is resolved");
    }
    Shape shape = type.shape();
    long elements = shape.elements();
    if (type.layout() == Layout.CHANNELS_BLOCKED) {
      int block = instructions.block();
      long blocks = (shape.channels() + block - 1L) / block;
      elements = elements / shape.channels() * blocks * block;
    }
    return elements * type.element().bytes();
  }

  /** The library's number for an element type. */
  static int element(ElementType element) {
    return switch (element) {
      case FLOAT32 -> dnnl.dnnl_f32;
      case BFLOAT16 -> dnnl.dnnl_bf16;
      case UINT8 -> dnnl.dnnl_u8;
    };
  }
}
