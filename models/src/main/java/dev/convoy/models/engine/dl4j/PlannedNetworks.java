package dev.convoy.models.engine.dl4j;

import dev.convoy.models.engine.ir.TensorType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * The compiled networks of one graph, one for each shape of its inputs, with the copies of arrays
 * that do not lie as a plan needs them. Knows no graph, so that it can be freed once the graph is
 * gone.
 */
final class PlannedNetworks implements Runnable {
  private final Map<List<TensorType>, PlannedNetwork> byInputs = new HashMap<>();
  private final List<HostArray> inputs;
  private final List<HostArray> labels;

  PlannedNetworks(List<HostArray> inputs, int outputs) {
    this.inputs = inputs;
    this.labels = Stream.generate(() -> new HostArray(DataType.FLOAT)).limit(outputs).toList();
  }

  Map<List<TensorType>, PlannedNetwork> byInputs() {
    return byInputs;
  }

  List<HostArray> inputs() {
    return inputs;
  }

  List<HostArray> labels() {
    return labels;
  }

  /** Frees everything; what is asked for afterwards is compiled anew. */
  @Override
  public synchronized void run() {
    byInputs.values().forEach(planned -> planned.network().close());
    byInputs.clear();
    inputs.forEach(HostArray::close);
    labels.forEach(HostArray::close);
  }
}
