package dev.convoy.models.engine.dl4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.models.engine.Precision;
import java.util.Map;
import java.util.Random;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.optimize.listeners.CollectScoresIterationListener;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import org.nd4j.linalg.schedule.MapSchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/** What an adopted graph, or a clone, has for itself. */
final class CopiesTest {

  private final CountingBackend backend = new CountingBackend();
  private final MultiDataSet data = GraphCases.small(1).data(3, new Random(5));

  @Test
  void listenersAreTheAdoptedGraphsOwn() {
    ComputationGraph plain = GraphCases.small(1).graph();
    CollectScoresIterationListener scores = new CollectScoresIterationListener();
    plain.setListeners(scores);
    CompiledGraph compiled = CompiledGraph.adopt(plain, settings());
    plain.setListeners();
    compiled.fit(data);
    assertThat(scores.getScoreVsIter().getEffectiveScores()).hasSize(1);
    compiled.freePlans();
  }

  @Test
  void listenersAreTheClonesOwn() {
    CompiledGraph compiled = CompiledGraph.adopt(GraphCases.small(1).graph(), settings());
    CollectScoresIterationListener first = new CollectScoresIterationListener();
    CollectScoresIterationListener later = new CollectScoresIterationListener();
    compiled.setListeners(first);
    CompiledGraph copy = compiled.clone();
    compiled.setListeners(later);
    copy.fit(data);
    assertThat(first.getScoreVsIter().getEffectiveScores()).hasSize(1);
    assertThat(later.getScoreVsIter().getEffectiveScores()).isEmpty();
    compiled.freePlans();
    copy.freePlans();
  }

  /** With its learning rate, and its masks. */
  @Test
  void aCloneGoesOnWhereItsOriginalIs() {
    CompiledGraph compiled = CompiledGraph.adopt(scheduled(), settings());
    MultiDataSet rows = rows();
    for (int step = 0; step < 3; step++) {
      compiled.fit(rows);
    }
    CompiledGraph copy = compiled.clone();
    assertThat(copy.getIterationCount()).isEqualTo(3);
    compiled.fit(rows);
    copy.fit(rows);
    Closeness.assertSameBits(copy.params(), compiled.params());
    assertThat(backend.runs()).isPositive();
    compiled.freePlans();
    copy.freePlans();
  }

  private static ComputationGraph scheduled() {
    ComputationGraph graph =
        new ComputationGraph(
            new NeuralNetConfiguration.Builder()
                .seed(4)
                .updater(
                    new ClassicalMomentum(
                        new MapSchedule(ScheduleType.ITERATION, Map.of(0, 0.2, 2, 0.02)), 0.9))
                .graphBuilder()
                .addInputs("in")
                .setInputTypes(InputType.feedForward(4))
                .addLayer(
                    "hidden",
                    new DenseLayer.Builder()
                        .nOut(16)
                        .dropOut(0.5)
                        .activation(Activation.RELU)
                        .build(),
                    "in")
                .addLayer(
                    "out",
                    new OutputLayer.Builder(LossFunction.MCXENT)
                        .nOut(3)
                        .activation(Activation.SOFTMAX)
                        .build(),
                    "hidden")
                .setOutputs("out")
                .build());
    graph.init();
    return graph;
  }

  private static MultiDataSet rows() {
    Nd4j.getRandom().setSeed(6);
    return new org.nd4j.linalg.dataset.MultiDataSet(
        Nd4j.rand(5, 4),
        Nd4j.createFromArray(
            new float[][] {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}, {1, 0, 0}, {0, 1, 0}}));
  }

  private EngineSettings settings() {
    return EngineSettings.on(backend).with(Precision.FLOAT32);
  }
}
