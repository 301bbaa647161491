package dev.convoy.trainer.dl4j;

import java.io.Serializable;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Everything that fitting changes in a graph.
 *
 * @param parameters DL4J's flat vector, running statistics included
 * @param updater the flat state of the updater (momentum and the like), empty where it has none
 * @param iteration steps done, from which schedules and bias corrections are computed
 * @param epoch epochs done
 */
record GraphState(float[] parameters, float[] updater, int iteration, int epoch)
    implements Serializable {

  /** A copy of a graph's present state. */
  static GraphState of(ComputationGraph graph) {
    INDArray updater = graph.getUpdater().getStateViewArray();
    return new GraphState(
        read(graph.params()),
        updater == null ? new float[0] : read(updater),
        graph.getIterationCount(),
        graph.getEpochCount());
  }

  /** Brings a graph of the same configuration into this state. */
  void restore(ComputationGraph graph) {
    write(parameters, graph.params());
    INDArray state = graph.getUpdater().getStateViewArray();
    if (state != null) {
      write(updater, state);
    }
    graph.getConfiguration().setIterationCount(iteration);
    graph.getConfiguration().setEpochCount(epoch);
  }

  private static float[] read(INDArray array) {
    try (INDArray copy = array.dup('c')) {
      return copy.data().asFloat();
    }
  }

  private static void write(float[] values, INDArray array) {
    try (INDArray copied = Nd4j.createFromArray(values)) {
      array.assign(copied.reshape(array.shape()));
    }
  }
}
