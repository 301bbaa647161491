package dev.convoy.models.export;

import dev.convoy.models.InvalidModelException;
import dev.convoy.models.engine.ir.Op;
import dev.convoy.models.engine.ir.Operation;
import dev.convoy.models.engine.ir.Shape;
import dev.convoy.models.engine.ir.Value;
import dev.convoy.models.engine.ir.Window;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import onnx.Onnx.AttributeProto;

/**
 * The table from the operations of a forward pass to ONNX operators of {@link OnnxFile#OPSET}.
 *
 * <p>Ceil-mode pooling needs no {@code ceil_mode}, whose windows and divisors differ between
 * runtimes: a {@link Window} has the padding that makes its last window fit.
 */
final class OnnxOperators {
  /** Writes one operation. */
  @FunctionalInterface
  private interface Translation<O> {
    void write(O op, Operation operation, OnnxGraph graph);
  }

  private static final OnnxOperators ALL =
      new OnnxOperators()
          .put(Op.Convolution.class, OnnxOperators::convolution)
          .put(Op.Dense.class, OnnxOperators::dense)
          .put(Op.FixedBatchNorm.class, OnnxOperators::batchNorm)
          .put(Op.Activate.class, OnnxOperators::activate)
          .put(Op.Pool.class, OnnxOperators::pool)
          .put(Op.Lrn.class, OnnxOperators::lrn)
          .put(Op.Add.class, (op, at, graph) -> plain("Add", at, graph))
          .put(Op.Concat.class, OnnxOperators::concat)
          .put(Op.Slice.class, OnnxOperators::slice)
          .put(Op.Pad.class, OnnxOperators::pad)
          .put(Op.Reshape.class, OnnxOperators::reshape)
          .put(Op.Softmax.class, OnnxOperators::softmax);

  private final Map<Class<?>, Translation<?>> byClass = new HashMap<>();

  private OnnxOperators() {}

  private <O extends Op> OnnxOperators put(Class<O> op, Translation<O> translation) {
    byClass.put(op, translation);
    return this;
  }

  /**
   * Writes one operation.
   *
   * @throws InvalidModelException if ONNX has no operator that computes the same
   */
  @SuppressWarnings("unchecked") // put pairs a class with a translation of that class.
  static void write(Operation operation, OnnxGraph graph) {
    var translation = (Translation<Op>) ALL.byClass.get(operation.op().getClass());
    if (translation == null) {
      throw refusal(operation, "it has no counterpart in the table of ONNX operators");
    }
    translation.write(operation.op(), operation, graph);
  }

  private static InvalidModelException refusal(Operation operation, String reason) {
    return new InvalidModelException(
        String.format(
            "The network cannot be written as ONNX: %s (%s): %s",
            operation.output(0).name(), operation.op().getClass().getSimpleName(), reason));
  }

  private static void plain(
      String operator, Operation at, OnnxGraph graph, AttributeProto... attributes) {
    List<String> inputs = at.inputs().stream().map(graph::name).toList();
    graph.add(operator, inputs, graph.name(at.output(0)), attributes);
  }

  private static void convolution(Op.Convolution op, Operation at, OnnxGraph graph) {
    Window window = op.window();
    plain(
        "Conv",
        at,
        graph,
        OnnxAttributes.kernel(window),
        OnnxAttributes.strides(window),
        OnnxAttributes.pads(window),
        OnnxAttributes.dilations(window),
        OnnxAttributes.number("group", op.groups()));
  }

  /** The features of an image are C, H, W in ONNX's Flatten, too. */
  private static void dense(Op.Dense op, Operation at, OnnxGraph graph) {
    List<String> inputs = new ArrayList<>(at.inputs().stream().map(graph::name).toList());
    String output = graph.name(at.output(0));
    if (at.input(0).shape().rank() != 2) {
      String flat = graph.free(output + ".flatten");
      graph.add("Flatten", List.of(inputs.get(0)), flat);
      inputs.set(0, flat);
    }
    graph.add("Gemm", inputs, output, OnnxAttributes.number("transB", 1));
  }

  private static void batchNorm(Op.FixedBatchNorm op, Operation at, OnnxGraph graph) {
    plain("BatchNormalization", at, graph, OnnxAttributes.number("epsilon", op.epsilon()));
  }

  private static void activate(Op.Activate op, Operation at, OnnxGraph graph) {
    double alpha = op.activation().alpha();
    switch (op.activation().function()) {
      case IDENTITY -> plain("Identity", at, graph);
      case RELU -> plain("Relu", at, graph);
      case LEAKY_RELU -> plain("LeakyRelu", at, graph, OnnxAttributes.number("alpha", alpha));
      case ELU -> plain("Elu", at, graph, OnnxAttributes.number("alpha", alpha));
      case TANH -> plain("Tanh", at, graph);
      case SIGMOID -> plain("Sigmoid", at, graph);
      case SOFTPLUS -> plain("Softplus", at, graph);
      case CLIPPED_RELU -> {
        String output = graph.name(at.output(0));
        String least = graph.constant(output + ".min", 0f);
        String most = graph.constant(output + ".max", (float) alpha);
        graph.add("Clip", List.of(graph.name(at.input(0)), least, most), output);
      }
      case SWISH -> {
        String input = graph.name(at.input(0));
        String output = graph.name(at.output(0));
        String gate = graph.free(output + ".sigmoid");
        graph.add("Sigmoid", List.of(input), gate);
        graph.add("Mul", List.of(input, gate), output);
      }
      case GELU -> throw refusal(at, "opset " + OnnxFile.OPSET + " has no GELU");
    }
  }

  private static void pool(Op.Pool op, Operation at, OnnxGraph graph) {
    Window window = op.window();
    boolean average = op.kind() != Op.PoolKind.MAX;
    if (isWhole(window, at.input(0).shape())) {
      plain(average ? "GlobalAveragePool" : "GlobalMaxPool", at, graph);
      return;
    }
    if (!average) {
      plain(
          "MaxPool",
          at,
          graph,
          OnnxAttributes.kernel(window),
          OnnxAttributes.strides(window),
          OnnxAttributes.pads(window),
          OnnxAttributes.dilations(window));
      return;
    }
    if (window.dilationHeight() != 1 || window.dilationWidth() != 1) {
      throw refusal(at, "average pooling in opset " + OnnxFile.OPSET + " has no dilation");
    }
    int counted = op.kind() == Op.PoolKind.AVERAGE_WITH_PADDING ? 1 : 0;
    plain(
        "AveragePool",
        at,
        graph,
        OnnxAttributes.kernel(window),
        OnnxAttributes.strides(window),
        OnnxAttributes.pads(window),
        OnnxAttributes.number("count_include_pad", counted));
  }

  private static boolean isWhole(Window window, Shape in) {
    return window.equals(new Window(in.height(), in.width(), 1, 1, 1, 1, 0, 0, 0, 0));
  }

  /** ONNX divides alpha by the size. */
  private static void lrn(Op.Lrn op, Operation at, OnnxGraph graph) {
    plain(
        "LRN",
        at,
        graph,
        OnnxAttributes.number("size", op.size()),
        OnnxAttributes.number("alpha", op.alpha() * op.size()),
        OnnxAttributes.number("beta", op.beta()),
        OnnxAttributes.number("bias", op.k()));
  }

  private static void concat(Op.Concat op, Operation at, OnnxGraph graph) {
    plain("Concat", at, graph, OnnxAttributes.number("axis", op.axis()));
  }

  /** All dimensions but the batch. */
  private static void slice(Op.Slice op, Operation at, OnnxGraph graph) {
    Value result = at.output(0);
    String output = graph.name(result);
    int rank = result.shape().rank();
    long[] starts = LongStream.range(1, rank).map(i -> op.from().get((int) i)).toArray();
    long[] ends =
        LongStream.range(1, rank)
            .map(i -> op.from().get((int) i) + (long) result.shape().get((int) i))
            .toArray();
    graph.add(
        "Slice",
        List.of(
            graph.name(at.input(0)),
            graph.constant(output + ".starts", starts),
            graph.constant(output + ".ends", ends),
            graph.constant(output + ".axes", LongStream.range(1, rank).toArray())),
        output);
  }

  private static void pad(Op.Pad op, Operation at, OnnxGraph graph) {
    String output = graph.name(at.output(0));
    Shape in = at.input(0).shape();
    Shape out = at.output(0).shape();
    long[] pads = new long[2 * in.rank()];
    for (int i = 0; i < in.rank(); i++) {
      pads[i] = op.before().get(i);
      pads[in.rank() + i] = (long) out.get(i) - in.get(i) - op.before().get(i);
    }
    String constant = graph.constant(output + ".pads", pads);
    graph.add("Pad", List.of(graph.name(at.input(0)), constant), output);
  }

  private static void reshape(Op.Reshape op, Operation at, OnnxGraph graph) {
    graph.reshape(graph.name(at.input(0)), graph.name(at.output(0)), at.output(0).shape());
  }

  private static void softmax(Op.Softmax op, Operation at, OnnxGraph graph) {
    plain("Softmax", at, graph, OnnxAttributes.number("axis", 1));
  }
}
