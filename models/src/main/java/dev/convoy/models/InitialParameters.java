package dev.convoy.models;

import dev.convoy.models.state.NetworkState;
import dev.convoy.models.state.ParameterKind;
import dev.convoy.models.state.ParameterLayout;
import dev.convoy.models.state.ParameterSlot;
import java.util.HashMap;
import java.util.Map;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * A network's parameters before training, as its architecture's {@link Initialization} says; a pure
 * function of model and seed.
 */
public final class InitialParameters {
  /**
   * The most numbers of a network: its vector is one file of a checkpoint and one array of bytes in
   * memory, of which Java's limit is 2 GiB, with room for the file's header.
   */
  private static final long MOST = (Integer.MAX_VALUE - (1 << 20)) / Float.BYTES;

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

  /**
   * The state before training, momentum 0.
   *
   * @param spec a spec that {@link ModelRegistry#validate} accepts
   * @param layout its layout
   */
  public static NetworkState state(ModelSpec spec, ParameterLayout layout, long seed) {
    float[] values = new float[layout.length()];
    draw(
        spec,
        layout,
        seed,
        (offset, piece) -> {
          for (int i = 0; i < piece.length; i++) {
            values[offset + i] = (float) piece[i];
          }
        });
    return NetworkState.atRest(values);
  }

  /**
   * The flat vector piece by piece.
   *
   * @param spec a spec that {@link ModelRegistry#validate} accepts
   * @param layout its layout
   */
  public static void draw(ModelSpec spec, ParameterLayout layout, long seed, Sink sink) {
    draw(ModelRegistry.standard().get(spec.name()).initialization(spec), layout, seed, sink);
  }

  static void draw(Initialization initialization, ParameterLayout layout, long seed, Sink sink) {
    initialization.requireFitting(layout.slots());
    Map<String, ParameterSlot> weights = new HashMap<>();
    layout.slots().stream()
        .filter(slot -> slot.kind() == ParameterKind.WEIGHT)
        .forEach(slot -> weights.put(layer(slot), slot));
    for (ParameterSlot slot : layout.slots()) {
      ParameterSlot weight = weights.getOrDefault(layer(slot), slot);
      InitialDistribution distribution = initialization.of(slot, weight);
      for (int from = 0; from < slot.length(); from += PIECE) {
        int count = Math.min(PIECE, slot.length() - from);
        sink.accept(
            slot.offset() + from,
            distribution.draw(InitialDistribution.Piece.of(slot, weight, seed, from, count)));
      }
    }
  }

  private static String layer(ParameterSlot slot) {
    return slot.name().substring(0, slot.name().lastIndexOf('.'));
  }

  static ComputationGraph initialised(
      ComputationGraphConfiguration configuration, Initialization initialization, long seed) {
    ComputationGraph graph = empty(configuration);
    INDArray flat = graph.params().reshape(graph.params().length());
    draw(
        initialization,
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
   *
   * @throws InvalidModelException if it has more than half a billion numbers
   */
  public static ComputationGraph empty(ComputationGraphConfiguration configuration) {
    long length = 0;
    for (GraphVertex vertex : configuration.getVertices().values()) {
      length += vertex.numParams(true);
    }
    if (length > MOST) {
      throw new InvalidModelException(
          "The model has %,d parameters and running statistics, for which checkpoints have no room: %,d are possible; a smaller width or input makes them fewer"
              .formatted(length, MOST));
    }
    ComputationGraph graph = new ComputationGraph(configuration);
    graph.init(Nd4j.zeros(configuration.getDataType(), 1, length), false);
    return graph;
  }
}
