package dev.convoy.models.engine.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.convoy.models.engine.Precision;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.Logger;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Property;
import org.deeplearning4j.datasets.iterator.utilty.ListDataSetIterator;
import org.deeplearning4j.earlystopping.EarlyStoppingConfiguration;
import org.deeplearning4j.earlystopping.saver.InMemoryModelSaver;
import org.deeplearning4j.earlystopping.scorecalc.DataSetLossCalculator;
import org.deeplearning4j.earlystopping.termination.MaxEpochsTerminationCondition;
import org.deeplearning4j.earlystopping.trainer.EarlyStoppingGraphTrainer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.deeplearning4j.optimize.api.InvocationType;
import org.deeplearning4j.optimize.listeners.CollectScoresIterationListener;
import org.deeplearning4j.optimize.listeners.EvaluativeListener;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** What runs on the plan and what on stock layers: the table in the module's README, row by row. */
class PathTableTest {
  private final CountingBackend backend = new CountingBackend();
  private final GraphCase test = GraphCases.small(21);
  private final ComputationGraph stock = test.graph().clone();
  private final CompiledGraph compiled =
      CompiledGraph.adopt(test.graph(), EngineSettings.on(backend).with(Precision.FLOAT32));
  private final Random random = new Random(3);
  private final DataSet data = dataSet(4);

  private DataSet dataSet(int batch) {
    return new DataSet(test.images(batch, random), test.labels(batch, random)[0]);
  }

  private DataSetIterator iterator() {
    return new ListDataSetIterator<>(List.of(dataSet(3), dataSet(3), dataSet(2)), 1);
  }

  @AfterEach
  void free() {
    compiled.freePlans();
    assertThat(backend.allocations()).isZero();
  }

  /** Runs of programs during an action. */
  private int runs(Runnable action) {
    int before = backend.runs();
    action.run();
    return backend.runs() - before;
  }

  /** Training steps on plans during an action. */
  private int steps(Runnable action) {
    int before = backend.steps();
    action.run();
    return backend.steps() - before;
  }

  @Test
  void everyFitRunsOnThePlan() {
    assertThat(runs(() -> compiled.fit(data))).isEqualTo(1);
    assertThat(steps(() -> compiled.fit(data))).isEqualTo(1);
    assertThat(steps(() -> compiled.fit(iterator()))).isEqualTo(3);
    INDArray[] features = {data.getFeatures()};
    INDArray[] labels = {data.getLabels()};
    assertThat(runs(() -> compiled.fit(features, labels))).isEqualTo(1);
  }

  @Test
  void outputsRunOnThePlan() {
    assertThat(runs(() -> compiled.output(data.getFeatures()))).isPositive();
    assertThat(runs(() -> compiled.outputSingle(data.getFeatures()))).isPositive();
    assertThat(runs(() -> compiled.output(iterator()))).isPositive();
    Closeness.assertClose(
        compiled.outputSingle(data.getFeatures()),
        stock.outputSingle(data.getFeatures()),
        "output");
  }

  @Test
  void evaluationRunsOnThePlan() {
    List<DataSet> batches = List.of(data, dataSet(3));
    List<Double> accuracies = new ArrayList<>();
    int runs =
        runs(
            () ->
                accuracies.add(
                    compiled.evaluate(new ListDataSetIterator<>(batches, 4)).accuracy()));
    assertThat(runs).isPositive();
    assertThat(accuracies.get(0))
        .isEqualTo(stock.evaluate(new ListDataSetIterator<>(batches, 4)).accuracy());
  }

  @Test
  void evaluationSeesParametersThatChangedInBetween() {
    compiled.evaluate(iterator());
    compiled.params().muli(0.5);
    stock.params().muli(0.5);
    Closeness.assertClose(
        compiled.outputSingle(data.getFeatures()),
        stock.outputSingle(data.getFeatures()),
        "output");
  }

  @Test
  void scoreRunsOnThePlanAndInTrainingOnStock() {
    assertThat(runs(() -> compiled.score(data))).isPositive();
    assertThat(compiled.score(data)).isCloseTo(stock.score(data), within(Closeness.TOLERANCE));
    assertThat(runs(() -> compiled.score(data, true))).isZero();
  }

  @Test
  void earlyStoppingRunsOnThePlan() {
    EarlyStoppingConfiguration<ComputationGraph> configuration =
        new EarlyStoppingConfiguration.Builder<ComputationGraph>()
            .epochTerminationConditions(new MaxEpochsTerminationCondition(2))
            .scoreCalculator(new DataSetLossCalculator(iterator(), true))
            .modelSaver(new InMemoryModelSaver<>())
            .build();
    List<ComputationGraph> best = new ArrayList<>();
    int steps =
        steps(
            () ->
                best.add(
                    new EarlyStoppingGraphTrainer(configuration, compiled, iterator())
                        .fit()
                        .getBestModel()));
    assertThat(steps).as("two epochs of three batches").isEqualTo(6);
    assertThat(best.get(0)).isInstanceOf(CompiledGraph.class);
    best.forEach(graph -> ((CompiledGraph) graph).freePlans());
  }

  @Test
  void listenersThatReadNoActivationsKeepThePlan() {
    CollectScoresIterationListener scores = new CollectScoresIterationListener();
    compiled.setListeners(
        scores, new EvaluativeListener(iterator(), 1, InvocationType.ITERATION_END));
    assertThat(steps(() -> compiled.fit(data))).isEqualTo(1);
  }

  @Test
  void aListenerThatReadsActivationsGetsThemAllFromStockLayers() {
    List<Map<String, INDArray>> seen = new ArrayList<>();
    compiled.setListeners(new ActivationListener(seen));
    assertThat(runs(() -> compiled.fit(data))).isZero();
    assertThat(seen).hasSize(1);
    assertThat(seen.get(0)).hasSizeGreaterThan(2);
    stock.fit(data);
    Closeness.assertClose(compiled.params(), stock.params(), "parameters");
  }

  /** Keeps what it is given. */
  private static final class ActivationListener extends BaseTrainingListener {
    private final List<Map<String, INDArray>> seen;

    ActivationListener(List<Map<String, INDArray>> seen) {
      this.seen = seen;
    }

    @Override
    public void onForwardPass(Model model, Map<String, INDArray> activations) {
      seen.add(activations);
    }
  }

  @Test
  void aCloneRunsOnItsOwnPlansAndParameters() {
    compiled.fit(data);
    CompiledGraph copy = compiled.clone();
    assertThat(copy.params()).isEqualTo(compiled.params()).isNotSameAs(compiled.params());
    assertThat(copy.updaterState()).isEqualTo(compiled.updaterState());
    assertThat(runs(() -> copy.fit(data))).isEqualTo(1);
    assertThat(copy.params()).isNotEqualTo(compiled.params());
    compiled.fit(data);
    assertThat(copy.params()).isEqualTo(compiled.params());
    copy.freePlans();
  }

  @Test
  void innerActivationsAreStock() {
    INDArray features = data.getFeatures();
    assertThat(runs(() -> compiled.feedForward(features, false))).isZero();
    assertThat(compiled.feedForward(features, false).keySet())
        .isEqualTo(stock.feedForward(features, false).keySet());
    // DL4J's own output of inner layers fails with workspaces.
    compiled.getConfiguration().setInferenceWorkspaceMode(WorkspaceMode.NONE);
    INDArray[] inputs = {features};
    assertThat(runs(() -> compiled.output(List.of("v0"), false, inputs, null))).isZero();
    assertThat(runs(() -> compiled.output(true, features))).isZero();
    LayerWorkspaceMgr none = LayerWorkspaceMgr.noWorkspaces();
    assertThat(runs(() -> compiled.getLayer("v0").activate(features, false, none))).isZero();
  }

  @Test
  void scoresOfExamplesAreStock() {
    assertThat(runs(() -> compiled.scoreExamples(data, true))).isZero();
    Closeness.assertClose(
        compiled.scoreExamples(data, true), stock.scoreExamples(data, true), "scores");
  }

  @Test
  void whatIsStockIsSaidOnceForEachReason() {
    List<String> said = new CopyOnWriteArrayList<>();
    AbstractAppender appender =
        new AbstractAppender("said", null, null, false, Property.EMPTY_ARRAY) {
          @Override
          public void append(LogEvent event) {
            said.add(event.getMessage().getFormattedMessage());
          }
        };
    Logger log = (Logger) LogManager.getLogger(CompiledGraph.class);
    Level before = log.getLevel();
    appender.start();
    log.addAppender(appender);
    log.setLevel(Level.INFO); // adding an appender resets it
    try {
      for (int again = 0; again < 3; again++) {
        compiled.fit(data);
        compiled.feedForward(data.getFeatures(), false);
        compiled.scoreExamples(data, true);
      }
      assertThat(said).filteredOn(line -> line.startsWith("Activations of single")).hasSize(1);
      assertThat(said).filteredOn(line -> line.contains("stock")).doesNotHaveDuplicates();
    } finally {
      log.removeAppender(appender);
      log.setLevel(before);
      appender.stop();
    }
  }

  @Test
  void masksAreStock() {
    DataSet masked = data.copy();
    masked.setLabelsMaskArray(Nd4j.createFromArray(1f, 0f, 1f, 1f).reshape(4, 1));
    assertThat(runs(() -> compiled.fit(masked))).isZero();
    stock.fit(masked);
    Closeness.assertClose(compiled.params(), stock.params(), "parameters");
    assertThat(runs(() -> compiled.fit(data))).isEqualTo(1);
  }

  @Test
  void labelsThatDoNotFitGetTheStockError() {
    INDArray[] wrong = {Nd4j.zeros(4, 9)};
    INDArray[] features = {data.getFeatures()};
    assertThatThrownBy(() -> compiled.fit(features, wrong)).hasMessageContaining("shape");
    INDArray[] tooMany = {test.labels(5, random)[0]};
    int before = backend.runs();
    assertThatThrownBy(() -> compiled.fit(features, tooMany)).hasMessageContaining("shape");
    assertThat(backend.runs()).isEqualTo(before);
  }

  @Test
  void aSavedGraphComesBackPlainAndGoesOnWithEqualBits() throws IOException {
    compiled.fit(data);
    ByteArrayOutputStream zip = new ByteArrayOutputStream();
    ModelSerializer.writeModel(compiled, zip, true);
    ComputationGraph plain =
        ModelSerializer.restoreComputationGraph(new ByteArrayInputStream(zip.toByteArray()), true);
    assertThat(plain).isExactlyInstanceOf(ComputationGraph.class);
    assertGoesOnWithEqualBits(plain);
  }

  @Test
  void javaSerialisationGivesAPlainGraph() throws IOException, ClassNotFoundException {
    compiled.fit(data);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(compiled);
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      ComputationGraph plain = (ComputationGraph) in.readObject();
      assertThat(plain).isExactlyInstanceOf(ComputationGraph.class);
      assertGoesOnWithEqualBits(plain);
    }
  }

  private void assertGoesOnWithEqualBits(ComputationGraph plain) {
    assertThat(plain.params()).isEqualTo(compiled.params());
    assertThat(plain.updaterState()).isEqualTo(compiled.updaterState());
    CompiledGraph again = CompiledGraph.adopt(plain, compiled.settings());
    again.fit(data);
    compiled.fit(data);
    assertThat(again.params()).isEqualTo(compiled.params());
    again.freePlans();
  }

  @Test
  void anotherDataTypeGivesAPlainGraph() {
    assertThat(compiled.convertDataType(DataType.DOUBLE))
        .isExactlyInstanceOf(ComputationGraph.class);
  }

  @Test
  void arraysInAnyFormAreRead() {
    INDArray features = data.getFeatures();
    INDArray expected = stock.outputSingle(features);
    Closeness.assertClose(compiled.outputSingle(features.dup('f')), expected, "Fortran order");
    Closeness.assertClose(
        compiled.outputSingle(features.castTo(DataType.DOUBLE)), expected, "double");
    INDArray twice = Nd4j.concat(0, features.mul(2), features);
    INDArray view =
        twice.get(
            NDArrayIndex.interval(4, 8),
            NDArrayIndex.all(),
            NDArrayIndex.all(),
            NDArrayIndex.all());
    Closeness.assertClose(compiled.outputSingle(view), expected, "view");
    INDArray permuted = features.permute(0, 2, 3, 1).dup('c').permute(0, 3, 1, 2);
    Closeness.assertClose(compiled.outputSingle(permuted), expected, "permuted");
  }
}
