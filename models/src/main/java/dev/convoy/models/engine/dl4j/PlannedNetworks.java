package dev.convoy.models.engine.dl4j;

import dev.convoy.models.engine.ir.TensorType;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * The compiled networks of one graph, one for each shape of its inputs (the {@value #MOST_SHAPES}
 * used last), with the copies of arrays that do not lie as a plan needs them. Knows no graph, so
 * that it can be freed once the graph is gone. Whoever uses it in several threads locks it itself.
 */
final class PlannedNetworks implements Runnable {
  private static final int MOST_SHAPES = 8;

  /** By the last use, the oldest first. */
  private final Map<List<TensorType>, PlannedNetwork> byInputs =
      new LinkedHashMap<>(16, 0.75f, true);

  private final List<HostArray> inputs;
  private final List<HostArray> labels;

  PlannedNetworks(List<HostArray> inputs, int outputs) {
    this.inputs = inputs;
    this.labels = Stream.generate(() -> new HostArray(DataType.FLOAT)).limit(outputs).toList();
  }

  Optional<PlannedNetwork> find(List<TensorType> types) {
    return Optional.ofNullable(byInputs.get(types));
  }

  /** Keeps one more; the one used longest ago goes where there are too many. */
  void add(List<TensorType> types, PlannedNetwork network) {
    byInputs.put(types, network);
    if (byInputs.size() > MOST_SHAPES) {
      List<TensorType> oldest = byInputs.keySet().iterator().next();
      byInputs.remove(oldest).network().close();
    }
  }

  /** Frees the network for such inputs, if there is one. */
  void remove(List<TensorType> types) {
    PlannedNetwork removed = byInputs.remove(types);
    if (removed != null) {
      removed.network().close();
    }
  }

  Collection<PlannedNetwork> all() {
    return byInputs.values();
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
