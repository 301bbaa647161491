package dev.convoy.models.engine.dl4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.models.engine.Precision;
import dev.convoy.models.engine.ir.ForwardPass.Mode;
import dev.convoy.models.engine.ir.Value;
import java.util.List;
import java.util.Random;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.layers.FrozenLayer;
import org.deeplearning4j.nn.transferlearning.FineTuneConfiguration;
import org.deeplearning4j.nn.transferlearning.TransferLearning;
import org.deeplearning4j.nn.weights.WeightInit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;

/** Transfer learning: the graph comes out plain, and adopted it trains what is not frozen. */
class FreezingTest {
  private static final EngineSettings SETTINGS =
      EngineSettings.withThreads(1)
          .with(Precision.FLOAT32)
          .with(EngineSettings.Unsupported.REFUSED);

  private final Random random = new Random(9);

  /** Of the small graph the convolution, the norm and the activation are v0, v1 and v2. */
  private static ComputationGraph tuned(ComputationGraph graph) {
    return new TransferLearning.GraphBuilder(graph)
        .fineTuneConfiguration(
            new FineTuneConfiguration.Builder().updater(new ClassicalMomentum(0.2, 0.9)).build())
        .setFeatureExtractor("v2")
        .nOutReplace("v3", 4, WeightInit.XAVIER)
        .build();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void frozenLayersStayAndTheOthersTrainAsInStock(boolean savedInBetween) {
    GraphCase test = GraphCases.small(31);
    CompiledGraph before = CompiledGraph.adopt(test.graph(), SETTINGS);
    before.fit(test.data(4, random));
    ComputationGraph stock = tuned(before);
    assertThat(stock).isExactlyInstanceOf(ComputationGraph.class);
    ComputationGraph source = savedInBetween ? stock.clone() : tuned(before);
    source.setParams(stock.params());
    CompiledGraph compiled = CompiledGraph.adopt(source, SETTINGS);
    assertThat(compiled.report().rows())
        .extracting(CompilationReport.Row::frozen)
        .containsExactly(true, true, true, false);
    assertThat(compiled.getLayer("v0")).isInstanceOf(FrozenLayer.class);
    INDArray kernel = compiled.getParam("v0_W").dup();
    INDArray mean = compiled.getParam("v1_mean").dup();
    for (int batch : List.of(3, 2, 5)) {
      MultiDataSet data = test.data(batch, random);
      stock.fit(data);
      compiled.fit(data);
      Closeness.assertClose(compiled.params(), stock.params(), "parameters");
      Closeness.assertClose(compiled.updaterState(), stock.updaterState(), "updater state");
    }
    assertThat(compiled.getParam("v0_W")).isEqualTo(kernel);
    assertThat(compiled.getParam("v1_mean")).isEqualTo(mean);
    before.freePlans();
    compiled.freePlans();
  }

  @Test
  void onlyTheClassifierIsTrainable() {
    GraphCase test = GraphCases.small(32);
    GraphSource source =
        GraphSource.of(tuned(test.graph()), test.inputs(), VarianceEstimate.POPULATION);
    assertThat(source.forward(2, Mode.TRAINING).trainable())
        .extracting(Value::name)
        .containsExactlyInAnyOrder("v3.W", "v3.b");
  }
}
