package dev.convoy.models.training;

import dev.convoy.models.state.ParameterKind;
import dev.convoy.models.state.ParameterLayout;
import dev.convoy.models.state.ParameterSlot;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * Bessel's correction of the running variances. DL4J moves a running variance towards the batch's
 * population variance v, PyTorch towards {@code v * n / (n - 1)} with n values per channel (batch x
 * height x width). Where n is 1 there is no unbiased estimate and v = 0 stays as it is.
 */
final class RunningVariance {
  private record Statistic(int offset, int length, float share, int pixels) {}

  private final List<Statistic> statistics = new ArrayList<>();

  RunningVariance(ComputationGraph graph, ParameterLayout layout, Map<String, InputType> shapes) {
    for (ParameterSlot slot : layout.slots()) {
      if (slot.kind() == ParameterKind.RUNNING_VARIANCE) {
        String vertex = slot.name().substring(0, slot.name().lastIndexOf('.'));
        LayerVertex configured = (LayerVertex) graph.getConfiguration().getVertices().get(vertex);
        var norm = (BatchNormalization) configured.getLayerConf().getLayer();
        float share = (float) (1 - norm.getDecay());
        statistics.add(
            new Statistic(slot.offset(), slot.length(), share, pixels(shapes.get(vertex))));
      }
    }
  }

  /**
   * Corrects DL4J's "gradient" of each variance, {@code (1 - decay)(running - v)}, in place.
   *
   * @param parameters before the step
   */
  void correct(float[] parameters, float[] gradient, int batch) {
    for (Statistic statistic : statistics) {
      long n = (long) batch * statistic.pixels();
      if (n > 1) {
        float factor = 1f / (n - 1);
        for (int i = statistic.offset(); i < statistic.offset() + statistic.length(); i++) {
          float scaled = Math.max(0f, statistic.share() * parameters[i] - gradient[i]);
          gradient[i] -= scaled * factor;
        }
      }
    }
  }

  private static int pixels(InputType type) {
    return type instanceof InputType.InputTypeConvolutional image
        ? Math.toIntExact(image.getHeight() * image.getWidth())
        : 1;
  }
}
