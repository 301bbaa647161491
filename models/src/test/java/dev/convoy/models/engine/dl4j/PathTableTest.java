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
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;
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
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.nd4j.evaluation.IEvaluation;
import org.nd4j.evaluation.classification.Evaluation;
import org.nd4j.evaluation.classification.ROCMultiClass;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.dataset.adapter.MultiDataSetIteratorAdapter;
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
    return iterator(List.of(dataSet(3), dataSet(3), dataSet(2)));
  }

  private static DataSetIterator iterator(List<DataSet> batches) {
    return new ListDataSetIterator<>(batches, 1);
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
    INDArray[] features = {data.getFeatures()};
    INDArray[] labels = {data.getLabels()};
    assertFits(1, graph -> graph.fit(data));
    assertFits(1, graph -> graph.fit(new MultiDataSet(features, labels)));
    assertFits(1, graph -> graph.fit(features, labels));
    assertFits(1, graph -> graph.fit(features, labels, null, null));
    List<DataSet> batches = List.of(dataSet(3), dataSet(3), dataSet(2));
    assertFits(3, graph -> graph.fit(iterator(batches)));
    assertFits(6, graph -> graph.fit(iterator(batches), 2));
    assertFits(3, graph -> graph.fit(new MultiDataSetIteratorAdapter(iterator(batches))));
    assertFits(6, graph -> graph.fit(new MultiDataSetIteratorAdapter(iterator(batches)), 2));
  }

  /** So many steps and nothing else on plans, which move a graph as stock layers do. */
  private void assertFits(int expected, Consumer<ComputationGraph> fit) {
    CompiledGraph onPlans = compiled.clone();
    ComputationGraph onStock = stock.clone();
    int before = backend.runs();
    assertThat(steps(() -> fit.accept(onPlans))).isEqualTo(expected);
    assertThat(backend.runs() - before).isEqualTo(expected);
    fit.accept(onStock);
    Closeness.assertClose(onPlans.params(), onStock.params(), "parameters");
    assertThat(onPlans.getIterationCount()).isEqualTo(expected);
    assertThat(onPlans.getEpochCount()).isEqualTo(onStock.getEpochCount());
    onPlans.freePlans();
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
  void otherEvaluationsRunOnThePlan() {
    List<DataSet> batches = List.of(ofEveryClass(3), ofEveryClass(2));
    List<String> names = List.of("a", "b", "c", "d");
    assertEvaluates(graph -> graph.evaluate(iterator(batches), names, 2).topNAccuracy());
    assertEvaluates(
        graph -> graph.evaluateROCMultiClass(iterator(batches), 0).calculateAverageAUC());
    assertEvaluates(graph -> graph.evaluateRegression(iterator(batches)).averageMeanSquaredError());
    assertEvaluates(
        graph -> {
          Evaluation top = new Evaluation(names, 3);
          ROCMultiClass areas = new ROCMultiClass(0);
          IEvaluation<?>[] both = {top, areas};
          graph.doEvaluation(iterator(batches), both);
          return top.topNAccuracy() + areas.calculateAverageAUC();
        });
    assertEvaluates(
        graph -> {
          Evaluation top = new Evaluation(names, 2);
          Map<Integer, IEvaluation<?>[]> byOutput = Map.of(0, new IEvaluation<?>[] {top});
          graph.evaluate(new MultiDataSetIteratorAdapter(iterator(batches)), byOutput);
          return top.topNAccuracy() + top.accuracy();
        });
  }

  /** Areas under curves want examples of each class. */
  private DataSet ofEveryClass(int examplesOfEach) {
    int examples = 4 * examplesOfEach;
    INDArray labels = Nd4j.zeros(examples, 4);
    for (int i = 0; i < examples; i++) {
      labels.putScalar(i, i % 4, 1);
    }
    return new DataSet(test.images(examples, random), labels);
  }

  private void assertEvaluates(ToDoubleFunction<ComputationGraph> evaluation) {
    int runs = backend.runs();
    int steps = backend.steps();
    double onPlans = evaluation.applyAsDouble(compiled);
    assertThat(backend.runs()).as("runs for two batches").isGreaterThanOrEqualTo(runs + 2);
    assertThat(backend.steps()).isEqualTo(steps);
    assertThat(onPlans)
        .isPositive()
        .isCloseTo(evaluation.applyAsDouble(stock), within(Closeness.TOLERANCE));
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
    Closeness.assertSameBits(plain.params(), compiled.params());
    Closeness.assertSameBits(plain.updaterState(), compiled.updaterState());
    CompiledGraph again = CompiledGraph.adopt(plain, compiled.settings());
    assertThat(steps(() -> again.fit(data))).isEqualTo(1);
    compiled.fit(data);
    Closeness.assertSameBits(again.params(), compiled.params());
    Closeness.assertSameBits(again.updaterState(), compiled.updaterState());
    again.freePlans();
  }

  /** A type that plans have not, and back. */
  @Test
  void anotherDataTypeGivesAPlainGraphThatIsAdoptedAgain() {
    compiled.fit(data);
    ComputationGraph doubles = compiled.convertDataType(DataType.DOUBLE);
    assertThat(doubles).isExactlyInstanceOf(ComputationGraph.class);
    ComputationGraph floats = doubles.convertDataType(DataType.FLOAT);
    assertThat(floats).isExactlyInstanceOf(ComputationGraph.class);
    assertGoesOnWithEqualBits(floats);
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
