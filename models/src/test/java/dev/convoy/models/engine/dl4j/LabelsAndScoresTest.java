package dev.convoy.models.engine.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.convoy.models.engine.Precision;
import dev.convoy.models.layers.SmoothedCrossEntropy;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;

/** Labels that are no distribution, probabilities that are nearly none, and what does not fit. */
final class LabelsAndScoresTest {

  private final CountingBackend backend = new CountingBackend();

  static Stream<ILossFunction> losses() {
    return Stream.of(
        new LossMCXENT(),
        new LossMCXENT(Nd4j.createFromArray(2f, 2f, 2f)),
        new LossMCXENT(Nd4j.createFromArray(1f, 2f, 3f)),
        SmoothedCrossEntropy.of(0),
        new SmoothedCrossEntropy(0.1, 0.7));
  }

  /** An unlabelled example, and one of two classes. */
  @ParameterizedTest
  @MethodSource("losses")
  void labelsNeedNotAddUpToOne(ILossFunction loss) {
    ComputationGraph stock = graph(loss);
    CompiledGraph compiled = CompiledGraph.adopt(stock.clone(), settings());
    MultiDataSet data =
        new MultiDataSet(
            Nd4j.createFromArray(new float[][] {{1, 2}, {-1, 0.5f}, {0.3f, -2}}),
            Nd4j.createFromArray(new float[][] {{0, 0, 0}, {1, 1, 0}, {0, 0, 1}}));
    stock.fit(data);
    compiled.fit(data);
    assertThat(backend.runs()).isPositive();
    assertThat(compiled.params().data().asDouble())
        .containsExactly(stock.params().data().asDouble(), within(1e-6));
    assertThat(compiled.score()).isCloseTo(stock.score(), within(1e-5));
    compiled.freePlans();
  }

  @Test
  void scoreOfWhatIsNextToImpossible() {
    ComputationGraph stock = graph(SmoothedCrossEntropy.of(0));
    CompiledGraph compiled = CompiledGraph.adopt(stock.clone(), settings());
    INDArray features = Nd4j.createFromArray(new float[][] {{1, 0}});
    for (float logit : new float[] {20, 80, 200}) {
      INDArray weights = Nd4j.createFromArray(new float[][] {{logit, 0, 0}, {0, 0, 0}});
      stock.setParam("out_W", weights);
      compiled.setParam("out_W", weights);
      MultiDataSet data =
          new MultiDataSet(features, Nd4j.createFromArray(new float[][] {{0, 1, 0}}));
      assertThat(compiled.score(data)).isCloseTo(logit, within(1e-4 * logit));
      assertThat(compiled.score(data)).isCloseTo(stock.score(data), within(1e-4 * logit));
    }
    compiled.freePlans();
  }

  @Test
  void scoreOfWhatDoesNotFitSaysSo() {
    CompiledGraph compiled = CompiledGraph.adopt(graph(new LossMCXENT()), settings());
    INDArray features = Nd4j.ones(1, 2);
    INDArray labels = Nd4j.createFromArray(new float[][] {{0, 1, 0}});
    MultiDataSet two =
        new MultiDataSet(new INDArray[] {features, features}, new INDArray[] {labels});
    assertThatThrownBy(() -> compiled.score(two)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> compiled.output(features, features))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(backend.runs()).isZero();
    compiled.freePlans();
  }

  private static ComputationGraph graph(ILossFunction loss) {
    ComputationGraph graph =
        new ComputationGraph(
            new NeuralNetConfiguration.Builder()
                .seed(3)
                .updater(new ClassicalMomentum(0.1, 0.9))
                .graphBuilder()
                .addInputs("in")
                .setInputTypes(InputType.feedForward(2))
                .addLayer(
                    "out",
                    new OutputLayer.Builder(loss).nOut(3).activation(Activation.SOFTMAX).build(),
                    "in")
                .setOutputs("out")
                .build());
    graph.init();
    return graph;
  }

  private EngineSettings settings() {
    return EngineSettings.on(backend).with(Precision.FLOAT32);
  }
}
