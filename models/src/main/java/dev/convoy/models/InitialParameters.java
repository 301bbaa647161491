package dev.convoy.models;

import dev.convoy.models.state.NetworkState;
import dev.convoy.models.state.ParameterLayout;
import dev.convoy.models.state.ParameterSlot;
import java.util.Arrays;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * A network's parameters before training: weights {@link HeNormal}, biases and batch-norm shifts
 * and running means 0, batch-norm scales and running variances 1.
 */
public final class InitialParameters {
  private InitialParameters() {}

  /** The state before training, momentum 0; a pure function of layout and seed. */
  public static NetworkState state(ParameterLayout layout, long seed) {
    float[] values = new float[layout.length()];
    for (ParameterSlot slot : layout.slots()) {
      System.arraycopy(rounded(slot, seed), 0, values, slot.offset(), slot.length());
    }
    return NetworkState.atRest(values);
  }

  /** One tensor in float32; a pure function of its name, shape, kind and the seed. */
  public static float[] rounded(ParameterSlot slot, long seed) {
    double[] exact = of(slot, seed);
    float[] values = new float[exact.length];
    for (int i = 0; i < exact.length; i++) {
      values[i] = (float) exact[i];
    }
    return values;
  }

  private static double[] of(ParameterSlot slot, long seed) {
    double[] values = new double[slot.length()];
    switch (slot.kind()) {
      case WEIGHT -> {
        int fanIn = slot.length() / slot.shape()[0];
        return HeNormal.values(seed, slot.name(), slot.length(), fanIn);
      }
      case NORM_SCALE, RUNNING_VARIANCE -> Arrays.fill(values, 1.0);
      case BIAS, NORM_SHIFT, RUNNING_MEAN -> Arrays.fill(values, 0.0);
    }
    return values;
  }

  static ComputationGraph initialised(ComputationGraphConfiguration configuration, long seed) {
    ComputationGraph graph = empty(configuration);
    INDArray flat = graph.params().reshape(graph.params().length());
    for (ParameterSlot slot : ParameterLayout.of(graph).slots()) {
      int end = slot.offset() + slot.length();
      try (INDArray values = Nd4j.createFromArray(of(slot, seed))) {
        flat.get(NDArrayIndex.interval(slot.offset(), end)).assign(values);
      }
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
