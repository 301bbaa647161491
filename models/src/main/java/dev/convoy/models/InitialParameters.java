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
  /** How many numbers are drawn at once, so that little is held twice. */
  private static final int PIECE = 1 << 20;

  private InitialParameters() {}

  /** Takes a piece of a tensor. */
  @FunctionalInterface
  public interface Sink {
    /**
     * Takes some numbers.
     *
     * @param offset of the first in the flat vector
     */
    void accept(int offset, double[] values);
  }

  /** The state before training, momentum 0; a pure function of layout and seed. */
  public static NetworkState state(ParameterLayout layout, long seed) {
    float[] values = new float[layout.length()];
    draw(
        layout,
        seed,
        (offset, piece) -> {
          for (int i = 0; i < piece.length; i++) {
            values[offset + i] = (float) piece[i];
          }
        });
    return NetworkState.atRest(values);
  }

  /** The flat vector piece by piece; a pure function of layout and seed. */
  public static void draw(ParameterLayout layout, long seed, Sink sink) {
    for (ParameterSlot slot : layout.slots()) {
      for (int from = 0; from < slot.length(); from += PIECE) {
        int count = Math.min(PIECE, slot.length() - from);
        sink.accept(slot.offset() + from, piece(slot, seed, from, count));
      }
    }
  }

  private static double[] piece(ParameterSlot slot, long seed, int from, int count) {
    double[] values = new double[count];
    switch (slot.kind()) {
      case WEIGHT -> {
        int fanIn = slot.length() / slot.shape()[0];
        return HeNormal.values(seed, slot.name(), from, count, fanIn);
      }
      case NORM_SCALE, RUNNING_VARIANCE -> Arrays.fill(values, 1.0);
      case BIAS, NORM_SHIFT, RUNNING_MEAN -> Arrays.fill(values, 0.0);
    }
    return values;
  }

  static ComputationGraph initialised(ComputationGraphConfiguration configuration, long seed) {
    ComputationGraph graph = empty(configuration);
    INDArray flat = graph.params().reshape(graph.params().length());
    draw(
        ParameterLayout.of(graph),
        seed,
        (offset, piece) -> {
          try (INDArray values = Nd4j.createFromArray(piece)) {
            flat.get(NDArrayIndex.interval(offset, offset + piece.length)).assign(values);
          }
        });
    return graph;
  }

  /**
   * The graph with every parameter 0. It is given its flat vector, so neither DL4J's initialisers
   * nor ND4J's global random generator take part.
   */
  public static ComputationGraph empty(ComputationGraphConfiguration configuration) {
    long length = 0;
    for (GraphVertex vertex : configuration.getVertices().values()) {
      length += vertex.numParams(true);
    }
    ComputationGraph graph = new ComputationGraph(configuration);
    graph.init(Nd4j.zeros(configuration.getDataType(), 1, length), false);
    return graph;
  }
}
