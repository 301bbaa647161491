package dev.convoy.models.layers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.assertj.core.data.Offset;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A float64 graph's gradient against central differences of its score. */
final class FiniteDifferences {
  private static final double STEP = 1e-5;
  private static final int SAMPLES = 150;

  private FiniteDifferences() {}

  /** Checks parameters drawn from all, every one if there are few. */
  static void assertGradient(ComputationGraph graph, INDArray[] inputs, INDArray[] labels) {
    graph.setInputs(inputs);
    graph.setLabels(labels);
    graph.computeGradientAndScore();
    double[] gradient = graph.getGradientsViewArray().dup().data().asDouble();
    double[] numeric = new double[gradient.length];
    double[] analytic = new double[gradient.length];
    SplittableRandom random = new SplittableRandom(9);
    for (int sample = 0; sample < SAMPLES; sample++) {
      int i =
          gradient.length <= SAMPLES ? sample % gradient.length : random.nextInt(gradient.length);
      // The graph's gradient is the sum over the batch, its score the mean.
      analytic[i] = gradient[i] / inputs[0].size(0);
      numeric[i] = numeric(graph, i);
    }
    for (int i = 0; i < gradient.length; i++) {
      assertThat(analytic[i])
          .as("gradient of parameter " + i)
          .isCloseTo(numeric[i], Offset.offset(1e-7 + 1e-5 * Math.abs(numeric[i])));
    }
    assertThat(analytic).as("a gradient").matches(g -> norm(g) > 1e-3);
  }

  private static double numeric(ComputationGraph graph, int i) {
    double value = graph.params().getDouble(i);
    graph.params().putScalar(i, value + STEP);
    double above = score(graph);
    graph.params().putScalar(i, value - STEP);
    double below = score(graph);
    graph.params().putScalar(i, value);
    return (above - below) / (2 * STEP);
  }

  private static double score(ComputationGraph graph) {
    graph.computeGradientAndScore();
    return graph.score();
  }

  private static double norm(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value * value;
    }
    return Math.sqrt(sum);
  }
}
