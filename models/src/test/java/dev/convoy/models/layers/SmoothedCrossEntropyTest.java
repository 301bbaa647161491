package dev.convoy.models.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.assertj.core.data.Offset;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;

class SmoothedCrossEntropyTest {
  private static final IActivation SOFTMAX = new ActivationSoftmax();

  @ParameterizedTest
  @CsvSource({"0, 1", "0.1, 1", "0.3, 0.3"})
  void equalsTheSumsWrittenOut(double smoothing, double weight) {
    ILossFunction loss = new SmoothedCrossEntropy(smoothing, weight);
    INDArray logits = SmallGraphs.numbers(1, DataType.DOUBLE, 4, 5).mul(8);
    INDArray labels = SmallGraphs.oneHot(4, 5, DataType.DOUBLE);
    double total = 0;
    INDArray scores = loss.computeScoreArray(labels, logits, SOFTMAX, null);
    INDArray gradient = loss.computeGradient(labels, logits, SOFTMAX, null);
    for (int n = 0; n < 4; n++) {
      double normalizer = 0;
      for (int k = 0; k < 5; k++) {
        normalizer += Math.exp(logits.getDouble(n, k));
      }
      double score = 0;
      for (int k = 0; k < 5; k++) {
        double q = (1 - smoothing) * labels.getDouble(n, k) + smoothing / 5;
        double p = Math.exp(logits.getDouble(n, k)) / normalizer;
        score -= weight * q * Math.log(p);
        assertThat(gradient.getDouble(n, k)).isCloseTo(weight * (p - q), Offset.offset(1e-14));
      }
      assertThat(scores.getDouble(n)).isCloseTo(score, Offset.offset(1e-13));
      total += score;
    }
    assertThat(scores.shape()).containsExactly(4, 1);
    assertThat(loss.computeScore(labels, logits, SOFTMAX, null, false))
        .isCloseTo(total, Offset.offset(1e-12));
    assertThat(loss.computeScore(labels, logits, SOFTMAX, null, true))
        .isCloseTo(total / 4, Offset.offset(1e-12));
  }

  @Test
  void nothingIsClippedAndNothingOverflows() {
    ILossFunction loss = SmoothedCrossEntropy.of(0);
    INDArray logits = Nd4j.createFromArray(new float[][] {{-500, 500}, {1e4f, -1e4f}});
    INDArray labels = Nd4j.createFromArray(new float[][] {{1, 0}, {1, 0}});
    assertThat(loss.computeScoreArray(labels, logits, SOFTMAX, null).data().asFloat())
        .containsExactly(new float[] {1000, 0}, Offset.offset(0f));
    assertThat(loss.computeGradient(labels, logits, SOFTMAX, null).dup('c').data().asFloat())
        .containsExactly(new float[] {-1, 1, 0, 0}, Offset.offset(0f));
  }

  @ParameterizedTest
  @CsvSource({"0, 1", "0.1, 0.3"})
  void gradientsEqualFiniteDifferences(double smoothing, double weight) {
    ComputationGraph graph = graph(new SmoothedCrossEntropy(smoothing, weight), DataType.DOUBLE);
    INDArray input = SmallGraphs.numbers(2, DataType.DOUBLE, 4, 6);
    INDArray labels = SmallGraphs.oneHot(4, 5, DataType.DOUBLE);
    FiniteDifferences.assertGradient(graph, new INDArray[] {input}, new INDArray[] {labels});
  }

  @Test
  void withoutSmoothingItIsDl4jsCrossEntropy() {
    INDArray logits = SmallGraphs.numbers(3, DataType.DOUBLE, 4, 5);
    INDArray labels = SmallGraphs.oneHot(4, 5, DataType.DOUBLE);
    var ours =
        SmoothedCrossEntropy.of(0).computeGradientAndScore(labels, logits, SOFTMAX, null, true);
    var stock = new LossMCXENT().computeGradientAndScore(labels, logits, SOFTMAX, null, true);
    assertThat(ours.getFirst()).isCloseTo(stock.getFirst(), Offset.offset(1e-14));
    assertThat(ours.getSecond().equalsWithEps(stock.getSecond(), 1e-14)).isTrue();
  }

  @Test
  void survivesJsonZipAndClone() {
    ComputationGraph graph = graph(new SmoothedCrossEntropy(0.1, 0.3), DataType.FLOAT);
    SmallGraphs.assertRoundTrip(graph, SmallGraphs.numbers(4, DataType.FLOAT, 2, 6));
    ComputationGraphConfiguration read =
        ComputationGraphConfiguration.fromJson(graph.getConfiguration().toJson());
    var output = (org.deeplearning4j.nn.conf.graph.LayerVertex) read.getVertices().get("out");
    assertThat(((OutputLayer) output.getLayerConf().getLayer()).getLossFn())
        .isEqualTo(new SmoothedCrossEntropy(0.1, 0.3))
        .isNotEqualTo(new SmoothedCrossEntropy(0.1, 1))
        .isNotEqualTo(new SmoothedCrossEntropy(0, 0.3))
        .hasSameHashCodeAs(new SmoothedCrossEntropy(0.1, 0.3));
  }

  @Test
  void refusesWhatItCannotCompute() {
    for (double smoothing : new double[] {-0.1, 1, Double.NaN}) {
      assertThatThrownBy(() -> SmoothedCrossEntropy.of(smoothing))
          .hasMessageContaining("label smoothing is " + smoothing);
    }
    for (double weight : new double[] {0, -1, Double.POSITIVE_INFINITY, Double.NaN}) {
      assertThatThrownBy(() -> new SmoothedCrossEntropy(0, weight))
          .hasMessageContaining("loss weight is " + weight);
    }
    ILossFunction loss = SmoothedCrossEntropy.of(0.1);
    INDArray logits = SmallGraphs.numbers(3, DataType.FLOAT, 4, 5);
    INDArray labels = SmallGraphs.oneHot(4, 5, DataType.FLOAT);
    INDArray mask = Nd4j.ones(4, 1);
    assertThatThrownBy(() -> loss.computeGradient(labels, logits, SOFTMAX, mask))
        .hasMessageContaining("no label mask");
    assertThatThrownBy(() -> loss.computeScore(labels, logits, new ActivationSigmoid(), null, true))
        .hasMessageContaining("softmax, not sigmoid");
    INDArray few = SmallGraphs.oneHot(4, 3, DataType.FLOAT);
    assertThatThrownBy(() -> loss.computeScoreArray(few, logits, SOFTMAX, null))
        .hasMessageContaining(Arrays.toString(few.shape()))
        .hasMessageContaining(Arrays.toString(logits.shape()));
  }

  private static ComputationGraph graph(ILossFunction loss, DataType type) {
    ComputationGraph graph =
        new ComputationGraph(
            new NeuralNetConfiguration.Builder()
                .dataType(type)
                .graphBuilder()
                .addInputs("input")
                .setInputTypes(InputType.feedForward(6))
                .addLayer(
                    "dense",
                    new DenseLayer.Builder().nOut(7).activation(Activation.TANH).build(),
                    "input")
                .addLayer(
                    "out",
                    new OutputLayer.Builder(loss).nOut(5).activation(Activation.SOFTMAX).build(),
                    "dense")
                .setOutputs("out")
                .build());
    graph.init();
    graph.params().assign(SmallGraphs.numbers(7, type, 1, graph.numParams()));
    return graph;
  }
}
