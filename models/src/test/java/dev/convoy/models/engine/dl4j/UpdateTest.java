package dev.convoy.models.engine.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convoy.models.engine.Precision;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.learning.regularization.L1Regularization;
import org.nd4j.linalg.learning.regularization.WeightDecay;
import org.nd4j.linalg.schedule.MapSchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/** Classical momentum, on stock graphs and fused. */
class UpdateTest {
  private final CountingBackend backend = new CountingBackend();
  private final Random random = new Random(8);

  @Test
  void aStepIsTheFormula() {
    ClassicalMomentum momentum = new ClassicalMomentum(0.5, 0.75);
    GradientUpdater<?> updater = momentum.instantiate(Nd4j.zeros(2), true);
    INDArray first = Nd4j.createFromArray(1f, -2f);
    updater.applyUpdater(first, 0, 0);
    assertThat(first.toFloatVector()).containsExactly(0.5f, -1f);
    INDArray second = Nd4j.createFromArray(1f, 1f);
    updater.applyUpdater(second, 1, 0);
    // delta = 0.75 * (1, -2) + (1, 1)
    assertThat(second.toFloatVector()).containsExactly(0.875f, -0.25f);
  }

  @Test
  void stateByNameIsChecked() {
    ClassicalMomentum momentum = new ClassicalMomentum(0.5, 0.75);
    assertThatThrownBy(() -> momentum.instantiate(Map.of("V", Nd4j.zeros(2)), false))
        .hasMessageContaining("delta");
  }

  @Test
  void valuesThatCannotBeAreRefused() {
    assertThatThrownBy(() -> new ClassicalMomentum(0.1, 1)).hasMessageContaining("[0, 1)");
    assertThatThrownBy(() -> new ClassicalMomentum(-1, 0.9)).hasMessageContaining("0 or more");
    assertThatThrownBy(() -> new ClassicalMomentum(Double.NaN, 0.9))
        .hasMessageContaining("0 or more");
  }

  @Test
  void itTravelsAsJson() {
    for (ClassicalMomentum momentum :
        new ClassicalMomentum[] {new ClassicalMomentum(0.1, 0.9), scheduled()}) {
      ComputationGraphConfiguration configuration =
          GraphCases.small(1, momentum).graph().getConfiguration();
      ComputationGraphConfiguration back =
          ComputationGraphConfiguration.fromJson(configuration.toJson());
      assertThat(back).isEqualTo(configuration);
      assertThat(momentum.clone()).isEqualTo(momentum).hasSameHashCodeAs(momentum);
    }
  }

  private static ClassicalMomentum scheduled() {
    return new ClassicalMomentum(
        new MapSchedule(ScheduleType.ITERATION, Map.of(0, 0.2, 2, 0.02)), 0.9);
  }

  @Test
  void classicalMomentumIsFused() {
    assertThat(updatesWhileEqualToStock(new ClassicalMomentum(0.1, 0.9), graph -> {})).isPositive();
  }

  @Test
  void aScheduleIsFused() {
    assertThat(updatesWhileEqualToStock(scheduled(), graph -> {})).isPositive();
  }

  @Test
  void aRateThatIsSetStaysFusedAndKeepsItsState() {
    // Without a norm: with one DL4J's setLearningRate fails.
    GraphCase test = GraphCases.plain(2);
    ComputationGraph stock = test.graph().clone();
    CompiledGraph compiled = CompiledGraph.adopt(test.graph().clone(), settings());
    MultiDataSet data = test.data(3, random);
    for (double rate : new double[] {0.1, 0.01, 0.001}) {
      stock.setLearningRate(rate);
      compiled.setLearningRate(rate);
      stock.fit(data);
      compiled.fit(data);
    }
    stock.setLearningRate("v0", 0.5);
    compiled.setLearningRate("v0", 0.5);
    int before = backend.updates();
    stock.fit(data);
    compiled.fit(data);
    assertThat(backend.updates()).isGreaterThan(before);
    Closeness.assertClose(compiled.params(), stock.params(), "parameters");
    Closeness.assertClose(compiled.updaterState(), stock.updaterState(), "updater state");
    compiled.freePlans();
  }

  @Test
  void otherUpdatersAreDl4js() {
    assertThat(updatesWhileEqualToStock(new Nesterovs(0.1, 0.9), graph -> {})).isZero();
    assertThat(updatesWhileEqualToStock(new Sgd(0.1), graph -> {})).isZero();
  }

  @Test
  void whatTheFusedCannotDoIsDl4js() {
    ClassicalMomentum momentum = new ClassicalMomentum(0.1, 0.9);
    assertThat(
            updatesWhileEqualToStock(
                momentum,
                layer -> layer.setGradientNormalization(GradientNormalization.ClipL2PerLayer)))
        .isZero();
    assertThat(
            updatesWhileEqualToStock(
                momentum, layer -> layer.getRegularization().add(new WeightDecay(0.1, true))))
        .isZero();
    assertThat(
            updatesWhileEqualToStock(
                momentum, layer -> layer.getRegularization().add(new L1Regularization(0.1))))
        .isZero();
  }

  /** Fused updates in three steps that have to give what the stock graph gives. */
  private int updatesWhileEqualToStock(IUpdater updater, Consumer<ConvolutionLayer> change) {
    GraphCase test = GraphCases.small(6, updater);
    change.accept((ConvolutionLayer) test.graph().getLayer("v0").conf().getLayer());
    ComputationGraph stock = test.graph().clone();
    CompiledGraph compiled = CompiledGraph.adopt(test.graph().clone(), settings());
    int before = backend.updates();
    for (int batch : new int[] {3, 2, 4}) {
      MultiDataSet data = test.data(batch, random);
      stock.fit(data);
      compiled.fit(data);
      assertThat(Math.abs(compiled.score() - stock.score())).isLessThan(Closeness.TOLERANCE);
    }
    Closeness.assertClose(compiled.params(), stock.params(), "parameters");
    if (stock.updaterState() != null) {
      Closeness.assertClose(compiled.updaterState(), stock.updaterState(), "updater state");
    }
    compiled.freePlans();
    return backend.updates() - before;
  }

  /** Its gradients are not float32, so its updates are not the fused ones. */
  @Test
  void aGraphInDoublesIsStocks() {
    GraphCase test = GraphCases.small(7);
    ComputationGraph stock = test.graph().convertDataType(DataType.DOUBLE);
    CompiledGraph compiled = CompiledGraph.adopt(stock.clone(), settings());
    assertThat(compiled.report().supported()).isFalse();
    for (int batch : new int[] {3, 2}) {
      INDArray[] features = {test.images(batch, random).castTo(DataType.DOUBLE)};
      INDArray[] labels = {test.labels(batch, random)[0].castTo(DataType.DOUBLE)};
      stock.fit(features, labels);
      compiled.fit(features, labels);
    }
    assertThat(backend.updates()).isZero();
    assertThat(compiled.params()).isEqualTo(stock.params());
    assertThat(compiled.updaterState()).isEqualTo(stock.updaterState());
    compiled.freePlans();
  }

  /** Its gradients are sums and stay so. */
  @Test
  void aGraphWithoutMeansIsStocks() {
    GraphCase test = GraphCases.plain(8);
    test.graph().getConfiguration().getDefaultConfiguration().setMiniBatch(false);
    for (Layer layer : test.graph().getLayers()) {
      layer.conf().setMiniBatch(false);
    }
    ComputationGraph stock = test.graph().clone();
    CompiledGraph compiled = CompiledGraph.adopt(test.graph().clone(), settings());
    assertThat(compiled.report().supported()).isFalse();
    for (int batch : new int[] {3, 2}) {
      MultiDataSet data = test.data(batch, random);
      stock.fit(data);
      compiled.fit(data);
    }
    assertThat(backend.updates()).isZero();
    assertThat(compiled.params()).isEqualTo(stock.params());
    compiled.freePlans();
  }

  /** An update outside of fit gives what to subtract, whoever asks for it. */
  @Test
  void aLoopOfOnesOwnMovesAsInStock() {
    GraphCase test = GraphCases.small(9);
    ComputationGraph stock = test.graph().clone();
    CompiledGraph compiled = CompiledGraph.adopt(test.graph().clone(), settings());
    for (int batch : new int[] {3, 2, 4}) {
      MultiDataSet data = test.data(batch, random);
      ownStep(stock, data, batch);
      ownStep(compiled, data, batch);
      Closeness.assertClose(compiled.params(), stock.params(), "parameters");
      Closeness.assertClose(compiled.updaterState(), stock.updaterState(), "updater state");
    }
    assertThat(backend.steps()).isEqualTo(3);
    assertThat(backend.updates()).isZero();
    MultiDataSet data = test.data(3, random);
    stock.fit(data);
    compiled.fit(data);
    assertThat(backend.updates()).isPositive();
    Closeness.assertClose(compiled.params(), stock.params(), "parameters after fit");
    compiled.freePlans();
  }

  private static void ownStep(ComputationGraph graph, MultiDataSet data, int batch) {
    graph.initGradientsView();
    graph.setInputs(data.getFeatures());
    graph.setLabels(data.getLabels());
    graph.computeGradientAndScore();
    graph.getUpdater().update(graph.gradient(), 0, 0, batch, LayerWorkspaceMgr.noWorkspaces());
    graph.params().subi(graph.gradient().gradient());
  }

  private EngineSettings settings() {
    return EngineSettings.on(backend).with(Precision.FLOAT32);
  }
}
