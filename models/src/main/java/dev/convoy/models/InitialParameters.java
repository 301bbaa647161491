package dev.convoy.models;

import dev.convoy.models.state.ParameterLayout;
import dev.convoy.models.state.ParameterSlot;
import java.util.Arrays;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A network's parameters before training: weights {@link HeNormal}, biases and batch-norm shifts
 * and running means 0, batch-norm scales and running variances 1.
 */
public final class InitialParameters {
  private InitialParameters() {}

  /** The flat vector, in the layout's order; a pure function of layout and seed. */
  public static double[] of(ParameterLayout layout, long seed) {
    double[] values = new double[layout.length()];
    for (ParameterSlot slot : layout.slots()) {
      int end = slot.offset() + slot.length();
      switch (slot.kind()) {
        case WEIGHT -> {
          int fanIn = slot.length() / slot.shape()[0];
          double[] weights = HeNormal.values(seed, slot.name(), slot.length(), fanIn);
          System.arraycopy(weights, 0, values, slot.offset(), slot.length());
        }
        case NORM_SCALE, RUNNING_VARIANCE -> Arrays.fill(values, slot.offset(), end, 1.0);
        case BIAS, NORM_SHIFT, RUNNING_MEAN -> Arrays.fill(values, slot.offset(), end, 0.0);
      }
    }
    return values;
  }

  static ComputationGraph initialised(ComputationGraphConfiguration configuration, long seed) {
    ComputationGraph graph = empty(configuration);
    ParameterLayout layout = ParameterLayout.of(graph);
    try (INDArray values = Nd4j.createFromArray(of(layout, seed))) {
      graph.params().assign(values.reshape(1, layout.length()));
    }
    return graph;
  }

  /**
   * The graph with every parameter 0. It is given its flat vector, so neither DL4J's initialisers
   * nor ND4J's global random generator take part.
   */
  static ComputationGraph empty(ComputationGraphConfiguration configuration) {
    long length = 0;
    for (GraphVertex vertex : configuration.getVertices().values()) {
      length += vertex.numParams(true);
    }
    ComputationGraph graph = new ComputationGraph(configuration);
    graph.init(Nd4j.zeros(configuration.getDataType(), 1, length), false);
    return graph;
  }
}
