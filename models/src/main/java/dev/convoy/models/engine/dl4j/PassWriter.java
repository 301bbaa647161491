package dev.convoy.models.engine.dl4j;

import dev.convoy.models.engine.ir.External;
import dev.convoy.models.engine.ir.ForwardPass;
import dev.convoy.models.engine.ir.ProgramBuilder;
import dev.convoy.models.engine.ir.Shape;
import dev.convoy.models.engine.ir.TensorType;
import dev.convoy.models.engine.ir.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The forward pass being written. */
final class PassWriter {
  private final ProgramBuilder builder = new ProgramBuilder();
  private final int batch;
  private final ForwardPass.Mode mode;
  private final VarianceEstimate estimate;
  private final List<String> outputs;
  private final List<Double> classWeights;
  private final Map<String, Value> values = new HashMap<>();
  private final Map<Value, External> inputs = new HashMap<>();
  private final Map<Long, Value> parameters = new LinkedHashMap<>();
  private final Set<Value> trainable = new LinkedHashSet<>();

  PassWriter(
      int batch,
      ForwardPass.Mode mode,
      VarianceEstimate estimate,
      List<String> outputs,
      List<Double> classWeights) {
    this.batch = batch;
    this.mode = mode;
    this.estimate = estimate;
    this.outputs = outputs;
    this.classWeights = classWeights;
  }

  /** One of the graph's inputs. */
  void input(String name, int index, TensorType example) {
    List<Integer> dimensions = new ArrayList<>(List.of(batch));
    dimensions.addAll(example.shape().dimensions());
    TensorType type = example.with(new Shape(dimensions));
    External place = External.ofOutput(External.Buffer.IMAGES, index);
    Value value = builder.external(name, type, place);
    inputs.put(value, place);
    values.put(name, value);
  }

  /** One of the graph's inputs under another shape: the same memory, which needs no operation. */
  Optional<Value> reshapedInput(Value value, Shape shape) {
    return Optional.ofNullable(inputs.get(value)).map(place -> reshaped(value, shape, place));
  }

  private Value reshaped(Value value, Shape shape, External place) {
    Value reshaped = builder.external(value.name(), value.type().with(shape), place);
    inputs.put(reshaped, place); // so that it can be reshaped once more
    return reshaped;
  }

  void vertex(GraphNode node, Translator<Object> translator) {
    values.put(
        node.name(), translator.translate(node.configuration(), new VertexScope(node, this)));
  }

  ForwardPass finish() {
    return new ForwardPass(builder.build(), trainable);
  }

  ProgramBuilder builder() {
    return builder;
  }

  int batch() {
    return batch;
  }

  ForwardPass.Mode mode() {
    return mode;
  }

  VarianceEstimate estimate() {
    return estimate;
  }

  List<Double> classWeights() {
    return classWeights;
  }

  Value value(String name) {
    return values.get(name);
  }

  int outputIndex(String name) {
    return outputs.indexOf(name);
  }

  Value parameter(String name, Shape shape, long offset, boolean frozen) {
    Value value =
        parameters.computeIfAbsent(
            offset,
            at ->
                builder.external(
                    name, TensorType.plain(shape), External.at(External.Buffer.PARAMETERS, at)));
    if (!frozen) {
      trainable.add(value);
    }
    return value;
  }
}
