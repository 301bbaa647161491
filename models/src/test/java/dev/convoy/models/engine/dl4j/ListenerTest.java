package dev.convoy.models.engine.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.convoy.models.engine.Precision;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.deeplearning4j.datasets.iterator.utilty.ListDataSetIterator;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.deeplearning4j.optimize.api.InvocationType;
import org.deeplearning4j.optimize.listeners.CollectScoresIterationListener;
import org.deeplearning4j.optimize.listeners.EvaluativeListener;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.nd4j.evaluation.classification.Evaluation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;

/** Listeners hear of a training on plans what they hear of one on stock layers. */
class ListenerTest {
  private final CountingBackend backend = new CountingBackend();
  private final GraphCase test = GraphCases.small(22, new ClassicalMomentum(0.02, 0.9));
  private final ComputationGraph stock = test.graph().clone();
  private final CompiledGraph compiled =
      CompiledGraph.adopt(test.graph(), EngineSettings.on(backend).with(Precision.FLOAT32));
  private final Random random = new Random(3);
  private final List<DataSet> batches = List.of(batch(3), batch(3), batch(2));

  private DataSet batch(int examples) {
    return new DataSet(test.images(examples, random), test.labels(examples, random)[0]);
  }

  private ListDataSetIterator<DataSet> iterator() {
    return new ListDataSetIterator<>(batches, 1);
  }

  @AfterEach
  void free() {
    compiled.freePlans();
    assertThat(backend.allocations()).isZero();
  }

  /** A call with what the graph says of itself at that moment. */
  private record Call(String what, int iteration, int epoch, double score) {
    String at() {
      return what + " " + iteration + " " + epoch;
    }
  }

  /** Writes all calls down but those of forward passes, which no plan makes. */
  private static class Recorder extends BaseTrainingListener {
    final List<Call> calls = new ArrayList<>();

    @Override
    public void onEpochStart(Model model) {
      note("epoch start", model);
    }

    @Override
    public void onEpochEnd(Model model) {
      note("epoch end", model);
    }

    @Override
    public void onGradientCalculation(Model model) {
      note("gradient", model);
    }

    @Override
    public void onBackwardPass(Model model) {
      note("backward pass", model);
    }

    @Override
    public void iterationDone(Model model, int iteration, int epoch) {
      calls.add(new Call("iteration", iteration, epoch, model.score()));
    }

    final void note(String what, Model model) {
      ComputationGraph graph = (ComputationGraph) model;
      calls.add(new Call(what, graph.getIterationCount(), graph.getEpochCount(), graph.score()));
    }
  }

  /** Reads activations, too. */
  private static final class ForwardRecorder extends Recorder {
    @Override
    public void onForwardPass(Model model, Map<String, INDArray> activations) {
      assertThat(activations).hasSizeGreaterThan(2);
      note("forward pass", model);
    }
  }

  /** Two epochs of three batches and a batch by itself. */
  private void train(ComputationGraph graph, Recorder recorder) {
    graph.setListeners(recorder);
    graph.fit(iterator(), 2);
    graph.fit(batches.get(0));
  }

  private static void assertSame(Recorder actual, Recorder expected) {
    assertThat(actual.calls)
        .extracting(Call::at)
        .isEqualTo(expected.calls.stream().map(Call::at).toList());
    assertThat(scores(actual)).containsExactly(scores(expected), within(Closeness.TOLERANCE));
  }

  private static double[] scores(Recorder recorder) {
    return recorder.calls.stream().mapToDouble(Call::score).toArray();
  }

  @Test
  void callsNumbersAndScoresAreStocks() {
    Recorder ofStock = new Recorder();
    train(stock, ofStock);
    Recorder ofPlan = new Recorder();
    train(compiled, ofPlan);
    assertThat(backend.steps()).as("steps on the plan").isEqualTo(7);
    assertThat(ofPlan.calls)
        .extracting(Call::at)
        .startsWith(
            "epoch start 0 0",
            "backward pass 0 0",
            "gradient 0 0",
            "iteration 0 0",
            "backward pass 1 0")
        .endsWith("backward pass 6 2", "gradient 6 2", "iteration 6 2")
        .hasSize(3 * 7 + 2 * 2);
    assertSame(ofPlan, ofStock);
  }

  /** Plans keep no activations: the steps run on stock layers, and all is heard all the same. */
  @Test
  void callsOfAListenerThatReadsActivationsAreStocksOnStockLayers() {
    Recorder ofStock = new ForwardRecorder();
    train(stock, ofStock);
    Recorder ofCompiled = new ForwardRecorder();
    train(compiled, ofCompiled);
    assertThat(backend.runs()).isZero();
    assertThat(ofCompiled.calls).filteredOn(call -> call.what().equals("forward pass")).hasSize(7);
    assertSame(ofCompiled, ofStock);
    Closeness.assertClose(compiled.params(), stock.params(), "parameters");
  }

  @Test
  void listenersMayBeAddedAndTakenAway() {
    Recorder first = new Recorder();
    Recorder second = new Recorder();
    compiled.setListeners(first);
    compiled.fit(batches.get(0));
    compiled.addListeners(second);
    compiled.fit(batches.get(1));
    compiled.setListeners(second);
    compiled.fit(batches.get(2));
    compiled.setListeners();
    compiled.fit(batches.get(0));
    assertThat(first.calls)
        .extracting(Call::at)
        .contains("backward pass 1 0", "gradient 1 0", "iteration 1 0")
        .hasSize(6);
    assertThat(second.calls)
        .extracting(Call::at)
        .contains("backward pass 2 0", "gradient 2 0", "iteration 2 0")
        .hasSize(6);
    assertThat(backend.steps()).isEqualTo(4);
  }

  @Test
  void dl4jsOwnListenersKeepThePlanAndAreServed() {
    CollectScoresIterationListener scores = new CollectScoresIterationListener();
    EvaluativeListener evaluative =
        new EvaluativeListener(iterator(), 1, InvocationType.ITERATION_END);
    compiled.setListeners(scores, evaluative);
    compiled.fit(batches.get(0));
    assertThat(backend.steps()).isEqualTo(1);
    assertThat(backend.runs()).as("runs of the step and of the evaluation").isGreaterThan(1);
    stock.fit(batches.get(0));
    assertThat(scores.getScoreVsIter().getEffectiveScores())
        .containsExactly(new double[] {stock.score()}, within(Closeness.TOLERANCE));
    Evaluation evaluation = (Evaluation) evaluative.getEvaluations()[0];
    assertThat(evaluation.getNumRowCounter()).isEqualTo(8);
    assertThat(evaluation.accuracy()).isEqualTo(stock.evaluate(iterator()).accuracy());
  }
}
