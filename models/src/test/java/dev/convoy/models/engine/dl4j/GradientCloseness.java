package dev.convoy.models.engine.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Compares a plan's gradient with stock's, tensor by tensor and relative to each tensor's norm, so
 * that a small one counts as much as a large one.
 */
final class GradientCloseness {
  /** Sums of thousands of products in float32, a dozen layers deep. */
  private static final double RELATIVE = 1e-3;

  /** A tensor's norm next to the largest tensor's; a gradient that is 0 has 1e-7 from rounding. */
  private static final double LEAST = 1e-6;

  /** Of the inputs: ten times what float32 and another order of sums make of activations. */
  private static final double NOISE = 3e-6;

  private static final int DRAWS = 6;

  private GradientCloseness() {}

  /** Computes both gradients for a batch; neither graph is moved. */
  static void assertSame(ComputationGraph stock, ComputationGraph compiled, MultiDataSet data) {
    Map<String, double[]> expected = gradients(stock, data);
    Map<String, double[]> actual = gradients(compiled, data);
    assertThat(compiled.score()).isCloseTo(stock.score(), within(Closeness.TOLERANCE));
    assertThat(actual.keySet()).isEqualTo(expected.keySet());
    double largest =
        expected.values().stream().mapToDouble(GradientCloseness::norm).max().orElse(0);
    assertThat(largest).as("norm of the largest gradient").isGreaterThan(1e-3);
    Set<String> cancelled = biasesBeforeNorms(stock);
    expected.forEach(
        (name, values) -> {
          Closeness.assertClose(actual.get(name), values, "gradient of " + name);
          if (norm(values) == 0) { // nothing of it reaches the loss
            assertThat(norm(actual.get(name))).as("norm of " + name).isZero();
          } else if (!cancelled.contains(name)) {
            assertThat(norm(values)).as("norm of stock's " + name).isGreaterThan(LEAST * largest);
            assertRelativelyClose(name, actual.get(name), values, stock, data);
          }
        });
  }

  private static void assertRelativelyClose(
      String name, double[] actual, double[] expected, ComputationGraph stock, MultiDataSet data) {
    double distance = distance(actual, expected);
    double most = RELATIVE * norm(expected);
    if (!(distance <= most)) {
      most += sensitivity(name, expected, stock, data);
    }
    assertThat(distance)
        .as("distance to the gradient of %s, whose norm is %s", name, norm(expected))
        .isLessThanOrEqualTo(most);
  }

  /**
   * What rounding may do where an activation is at its corner or two maxima are next to equal: as
   * much as noise of that size in the input does to stock's own gradient.
   */
  private static double sensitivity(
      String name, double[] gradient, ComputationGraph stock, MultiDataSet data) {
    Random random = new Random(name.hashCode());
    double most = 0;
    for (int draw = 0; draw < DRAWS; draw++) {
      INDArray[] near = {noisy(data.getFeatures(0), random)};
      double[] moved = gradients(stock, new MultiDataSet(near, data.getLabels())).get(name);
      most = Math.max(most, distance(moved, gradient));
    }
    return most;
  }

  private static INDArray noisy(INDArray features, Random random) {
    double[] noise = random.doubles(features.length(), -1, 1).map(value -> NOISE * value).toArray();
    INDArray array = Nd4j.createFromArray(noise).castTo(DataType.FLOAT);
    return features.add(array.reshape('c', features.shape()));
  }

  /** By name, for a batch; the graph is not moved. */
  static Map<String, double[]> gradients(ComputationGraph graph, MultiDataSet data) {
    graph.initGradientsView();
    graph.setInputs(data.getFeatures());
    graph.setLabels(data.getLabels());
    graph.computeGradientAndScore();
    Map<String, double[]> gradients = new TreeMap<>();
    graph
        .gradient()
        .gradientForVariable()
        .forEach((name, values) -> gradients.put(name, values.dup('c').data().asDouble()));
    return gradients;
  }

  /** A norm subtracts the mean and so whatever its input was shifted by: their gradient is 0. */
  static Set<String> biasesBeforeNorms(ComputationGraph graph) {
    Map<String, List<String>> inputs = graph.getConfiguration().getVertexInputs();
    Set<String> biases = new HashSet<>();
    for (String vertex : inputs.keySet()) {
      List<String> readers =
          inputs.keySet().stream().filter(name -> inputs.get(name).contains(vertex)).toList();
      if (!readers.isEmpty() && readers.stream().allMatch(name -> isNorm(graph, name))) {
        biases.add(vertex + "_b");
      }
    }
    return biases;
  }

  private static boolean isNorm(ComputationGraph graph, String vertex) {
    return graph.getVertex(vertex).hasLayer()
        && graph.getLayer(vertex).conf().getLayer() instanceof BatchNormalization;
  }

  static double norm(double[] values) {
    return distance(values, new double[values.length]);
  }

  static double distance(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (a[i] - b[i]) * (a[i] - b[i]);
    }
    return Math.sqrt(sum);
  }
}
