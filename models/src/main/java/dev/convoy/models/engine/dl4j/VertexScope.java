package dev.convoy.models.engine.dl4j;

import dev.convoy.models.engine.ir.Activation;
import dev.convoy.models.engine.ir.External;
import dev.convoy.models.engine.ir.ForwardPass;
import dev.convoy.models.engine.ir.Op;
import dev.convoy.models.engine.ir.Shape;
import dev.convoy.models.engine.ir.TensorType;
import dev.convoy.models.engine.ir.Value;
import java.util.List;
import java.util.Locale;

/** What a translator sees: one vertex, its inputs, its parameters, and where to write. */
final class VertexScope {
  private final GraphNode node;
  private final PassWriter pass;

  VertexScope(GraphNode node, PassWriter pass) {
    this.node = node;
    this.pass = pass;
  }

  /** Whether the vertex works as in training: a frozen one never does. */
  boolean training() {
    return pass.mode() == ForwardPass.Mode.TRAINING && !node.frozen();
  }

  ForwardPass.Mode mode() {
    return pass.mode();
  }

  /** Whether batch norms take the batch's own statistics: frozen ones never do. */
  boolean batchStatistics() {
    return pass.mode() != ForwardPass.Mode.INFERENCE && !node.frozen();
  }

  /**
   * Weights of the classes in the loss, or none where all are 1.
   *
   * @throws IllegalArgumentException if they are not one a class
   */
  List<Double> classWeights(int classes) {
    List<Double> weights = pass.classWeights();
    if (!weights.isEmpty() && weights.size() != classes) {
      throw new IllegalArgumentException(
          weights.size() + " class weights do not fit its " + classes + " classes");
    }
    return weights;
  }

  int batch() {
    return pass.batch();
  }

  VarianceEstimate estimate() {
    return pass.estimate();
  }

  List<Value> inputs() {
    return node.inputs().stream().map(pass::value).toList();
  }

  /** The only input, out of its preprocessor. */
  Value input() {
    Value input = rawInput();
    for (var preprocessor : node.preprocessors()) {
      input = Preprocessors.apply(preprocessor, input, this);
    }
    return input;
  }

  private Value rawInput() {
    List<Value> inputs = inputs();
    if (inputs.size() != 1) {
      throw new IllegalArgumentException("it has " + inputs.size() + " inputs instead of one");
    }
    return inputs.get(0);
  }

  /** A parameter that is trained unless the vertex is frozen. */
  Value parameter(String key, int... shape) {
    return pass.parameter(node.name() + "." + key, Shape.of(shape), offset(key), node.frozen());
  }

  /** A running statistic. */
  Value statistic(String key, int channels) {
    return pass.parameter(node.name() + "." + key, Shape.of(channels), offset(key), true);
  }

  /** Where a running statistic's "gradient" goes. */
  Value statisticGradient(String key, int channels) {
    return external(
        node.name() + "." + key + ".gradient",
        External.at(External.Buffer.GRADIENT, offset(key)),
        channels);
  }

  /** Memory that belongs to this vertex as an output of the graph. */
  Value output(External.Buffer buffer, int... shape) {
    int index = pass.outputIndex(node.name());
    String name = node.name() + "." + buffer.name().toLowerCase(Locale.ROOT);
    return external(name, External.ofOutput(buffer, index), shape);
  }

  private Value external(String name, External place, int... shape) {
    return pass.builder().external(name, TensorType.plain(Shape.of(shape)), place);
  }

  private long offset(String key) {
    Long offset = node.parameters().get(key);
    if (offset == null) {
      throw new IllegalArgumentException(
          "it has no parameter " + key + " but " + node.parameters().keySet());
    }
    return offset;
  }

  /** Writes an operation with one output. */
  Value apply(Op op, Shape shape, Value... inputs) {
    return pass.builder().apply(op, node.name(), TensorType.plain(shape), inputs);
  }

  /** An output to be, beside the vertex' own. */
  Value value(String name, int... shape) {
    return pass.builder().value(node.name() + "." + name, TensorType.plain(Shape.of(shape)));
  }

  void add(Op op, List<Value> inputs, List<Value> outputs) {
    pass.builder().add(op, inputs, outputs);
  }

  /** The same numbers under another shape; nothing is written if it is the same shape. */
  Value reshape(Value value, Shape shape) {
    if (shape.elements() != value.shape().elements()) {
      throw new IllegalArgumentException(value.shape() + " cannot be reshaped to " + shape);
    }
    if (shape.equals(value.shape())) {
      return value;
    }
    return pass.reshapedInput(value, shape).orElseGet(() -> apply(new Op.Reshape(), shape, value));
  }

  /** Writes an elementwise function, the identity excepted. */
  Value activate(Value value, Activation activation) {
    return activation.isIdentity()
        ? value
        : apply(new Op.Activate(activation), value.shape(), value);
  }

  /** Drops elements in training. */
  Value drop(Value value, double keep) {
    if (!training() || keep == 1) {
      return value;
    }
    Value mask = value("mask", value.shape().dimensions().stream().mapToInt(i -> i).toArray());
    add(new Op.DropoutMask(keep, node.position()), List.of(), List.of(mask));
    return apply(new Op.Multiply(), value.shape(), value, mask);
  }
}
