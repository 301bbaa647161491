package dev.convoy.trainer.dl4j;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.wrapper.BaseWrapperLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.params.BatchNormalizationParamInitializer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Where the running statistics of batch norms lie in a graph's flat vector; the rest is averaged
 * linearly. Unlike {@link dev.convoy.models.state.ParameterLayout}, which names every tensor and
 * refuses what PyTorch has no name for, this knows every graph that DL4J can train, recurrent
 * layers and logarithmic statistics among them.
 */
final class StatisticsLayout {

  private record Span(int from, int length, DeviationForm form) {}

  private final int parameters;
  private final List<Span> means = new ArrayList<>();
  private final List<Span> deviations = new ArrayList<>();

  private StatisticsLayout(int parameters) {
    this.parameters = parameters;
  }

  static StatisticsLayout of(ComputationGraph graph) {
    StatisticsLayout layout = new StatisticsLayout(Math.toIntExact(graph.params().length()));
    long base = graph.params().offset();
    for (org.deeplearning4j.nn.api.Layer layer : graph.getLayers()) {
      if (unwrapped(layer.conf().getLayer()) instanceof BatchNormalization) {
        for (Map.Entry<String, INDArray> parameter : layer.paramTable().entrySet()) {
          layout.add(parameter.getKey(), parameter.getValue(), base);
        }
      }
    }
    // A layer keeps its mean and its deviation side by side, so both orders are the layers'.
    layout.means.sort(Comparator.comparingInt(Span::from));
    layout.deviations.sort(Comparator.comparingInt(Span::from));
    return layout;
  }

  private static Layer unwrapped(Layer layer) {
    if (layer instanceof FrozenLayer frozen) {
      return unwrapped(frozen.getLayer());
    }
    return layer instanceof BaseWrapperLayer wrapper ? unwrapped(wrapper.getUnderlying()) : layer;
  }

  private void add(String name, INDArray values, long base) {
    int from = Math.toIntExact(values.offset() - base);
    int length = Math.toIntExact(values.length());
    switch (name) {
      case BatchNormalizationParamInitializer.GLOBAL_MEAN ->
          means.add(new Span(from, length, DeviationForm.VARIANCE));
      case BatchNormalizationParamInitializer.GLOBAL_VAR ->
          deviations.add(new Span(from, length, DeviationForm.VARIANCE));
      case BatchNormalizationParamInitializer.GLOBAL_LOG_STD ->
          deviations.add(new Span(from, length, DeviationForm.LOG10_STD));
      default -> {
        // Scale and shift are trained and averaged like any parameter.
      }
    }
  }

  /** What each of {@link ReplicaParts#deviations} is. */
  DeviationForm[] forms() {
    return deviations.stream()
        .flatMap(span -> Stream.generate(span::form).limit(span.length()))
        .toArray(DeviationForm[]::new);
  }

  /** Takes a state apart. */
  ReplicaParts split(GraphState state) {
    // Statistics stay in the linear part, too, where their average is not used: that keeps it one
    // copy, and they are few.
    float[] linear = Arrays.copyOf(state.parameters(), parameters + state.updater().length);
    System.arraycopy(state.updater(), 0, linear, parameters, state.updater().length);
    return new ReplicaParts(
        linear, gather(state.parameters(), means), gather(state.parameters(), deviations));
  }

  /** Puts a state together; the inverse of {@link #split}. */
  GraphState join(ReplicaParts parts, int iteration, int epoch) {
    float[] state = Arrays.copyOf(parts.linear(), parameters);
    scatter(parts.means(), means, state);
    scatter(parts.deviations(), deviations, state);
    return new GraphState(
        state,
        Arrays.copyOfRange(parts.linear(), parameters, parts.linear().length),
        iteration,
        epoch);
  }

  private static float[] gather(float[] flat, List<Span> spans) {
    float[] gathered = new float[spans.stream().mapToInt(Span::length).sum()];
    int filled = 0;
    for (Span span : spans) {
      System.arraycopy(flat, span.from(), gathered, filled, span.length());
      filled += span.length();
    }
    return gathered;
  }

  private static void scatter(float[] gathered, List<Span> spans, float[] flat) {
    int taken = 0;
    for (Span span : spans) {
      System.arraycopy(gathered, taken, flat, span.from(), span.length());
      taken += span.length();
    }
  }
}
