package dev.convoy.trainer.dl4j;

import static dev.convoy.trainer.dl4j.Fixtures.batches;
import static dev.convoy.trainer.dl4j.Fixtures.compiled;
import static dev.convoy.trainer.dl4j.Fixtures.equalBatches;
import static dev.convoy.trainer.dl4j.Fixtures.fit;
import static dev.convoy.trainer.dl4j.Fixtures.master;
import static dev.convoy.trainer.dl4j.Fixtures.network;
import static dev.convoy.trainer.dl4j.Fixtures.parameters;
import static dev.convoy.trainer.dl4j.Fixtures.updaterState;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.convoy.models.engine.dl4j.CompiledGraph;
import dev.convoy.trainer.dl4j.Fixtures.Norm;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.storage.BlockId;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.transferlearning.FineTuneConfiguration;
import org.deeplearning4j.nn.transferlearning.TransferLearning;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.deeplearning4j.spark.api.RDDTrainingApproach;
import org.deeplearning4j.spark.api.TrainingHook;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.deeplearning4j.spark.impl.paramavg.ParameterAveragingTrainingMaster;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.schedule.MapSchedule;
import org.nd4j.linalg.schedule.ScheduleType;

class ConvoyTrainingMasterTest {
  private static JavaSparkContext spark;

  @BeforeAll
  static void start() {
    spark = Fixtures.spark("local[2]");
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  @ParameterizedTest
  @EnumSource(Norm.class)
  void oneWorkerIsLocalFitBitForBit(Norm norm) {
    List<DataSet> batches = batches(8, 8, 8, 8, 8, 8, 5);
    ComputationGraph local = network(new Adam(0.01), norm);
    ComputationGraph distributed = network(new Adam(0.01), norm);

    for (int epoch = 0; epoch < 2; epoch++) {
      batches.forEach(local::fit);
      local.incrementEpochCount();
      fit(spark, distributed, master(1, 3), batches, 3);
    }

    assertThat(parameters(distributed)).isEqualTo(parameters(local));
    assertThat(updaterState(distributed)).isEqualTo(updaterState(local));
    assertThat(distributed.getIterationCount()).isEqualTo(local.getIterationCount()).isEqualTo(14);
    assertThat(distributed.getEpochCount()).isEqualTo(2);
  }

  /** A compiled network's workers compute on plans, as it does itself. */
  @Test
  void oneWorkerOfCompiledNetworkIsItsLocalFitBitForBit() {
    List<DataSet> batches = batches(8, 8, 8, 8, 8, 8, 5);
    CompiledGraph local = compiled(network(new Nesterovs(0.1, 0.9), Norm.VARIANCE));
    CompiledGraph distributed = compiled(network(new Nesterovs(0.1, 0.9), Norm.VARIANCE));
    ComputationGraph stock = network(new Nesterovs(0.1, 0.9), Norm.VARIANCE);
    PlannedStepsHook.STEPS.set(0);
    ConvoyTrainingMaster master = master(1, 3);
    master.addHook(new PlannedStepsHook());

    batches.forEach(local::fit);
    batches.forEach(stock::fit);
    fit(spark, distributed, master, batches, 3);

    assertThat(PlannedStepsHook.STEPS).hasValue(7);
    assertThat(parameters(distributed)).isEqualTo(parameters(local));
    assertThat(updaterState(distributed)).isEqualTo(updaterState(local));
    assertThat(distributed.getIterationCount()).isEqualTo(7);
    assertThat(parameters(distributed)).containsExactly(parameters(stock), within(1e-4f));
    local.freePlans();
    distributed.freePlans();
  }

  @Test
  void theSetsPartitionsDoNotMatter() {
    List<DataSet> batches = batches(8, 3, 8, 8, 1, 8, 8, 8, 8, 2, 8);
    List<float[]> results = new ArrayList<>();
    for (int partitions : new int[] {1, 2, 5, 11, 20}) {
      ComputationGraph graph = network(new Nesterovs(0.1, 0.9), Norm.LOG10_STD);
      fit(spark, graph, master(3, 2), batches, partitions);
      results.add(parameters(graph));
    }
    assertThat(results).allSatisfy(result -> assertThat(result).isEqualTo(results.get(0)));
    assertThat(results.get(0))
        .isNotEqualTo(parameters(network(new Nesterovs(0.1, 0.9), Norm.LOG10_STD)));
  }

  @Test
  void oneStepOnEachWorkerIsOneStepOnTheJoinedBatch() {
    List<DataSet> batches = batches(8, 3, 6, 7);
    ComputationGraph joined = network(new Sgd(0.5), Norm.NONE);
    ComputationGraph averaged = network(new Sgd(0.5), Norm.NONE);

    joined.fit(DataSet.merge(batches));
    fit(spark, averaged, master(4, 1), batches, 2);

    assertThat(parameters(averaged)).containsExactly(parameters(joined), within(1e-6f));
    assertThat(averaged.score()).isCloseTo(joined.score(), within(1e-5));
  }

  @Test
  void theUpdatersStateIsCarriedFromRoundToRound() {
    List<DataSet> batches = equalBatches(8, 6);
    ComputationGraph carried = network(new Nesterovs(0.1, 0.9), Norm.NONE);
    fit(spark, carried, master(2, 1), batches, 2);

    ComputationGraph forgotten = network(new Nesterovs(0.1, 0.9), Norm.NONE);
    for (int round = 0; round < 4; round++) {
      forgotten.getUpdater().getStateViewArray().assign(0);
      fit(spark, forgotten, master(2, 1), batches.subList(2 * round, 2 * round + 2), 2);
    }
    ComputationGraph byHand = network(new Nesterovs(0.1, 0.9), Norm.NONE);
    for (int round = 0; round < 4; round++) {
      fit(spark, byHand, master(2, 1), batches.subList(2 * round, 2 * round + 2), 1);
    }

    assertThat(updaterState(carried)).isEqualTo(updaterState(byHand));
    assertThat(parameters(carried)).isEqualTo(parameters(byHand));
    assertThat(parameters(carried)).isNotEqualTo(parameters(forgotten));
  }

  @Test
  void agreesWithDl4jsOwnMasterWhereThatIsRight() {
    List<DataSet> batches = equalBatches(4, 8);
    ComputationGraph theirs = network(new Nesterovs(0.1, 0.9), Norm.NONE);
    ParameterAveragingTrainingMaster master =
        new ParameterAveragingTrainingMaster.Builder(2, 8)
            .batchSizePerWorker(8)
            .averagingFrequency(1)
            .saveUpdater(true)
            .rddTrainingApproach(RDDTrainingApproach.Direct)
            .build();
    ComputationGraph ours = network(new Nesterovs(0.1, 0.9), Norm.NONE);

    // Its splits are random, so it is given one round at a time: with one step each, which worker
    // has which batch does not matter.
    for (int round = 0; round < 2; round++) {
      List<DataSet> part = batches.subList(2 * round, 2 * round + 2);
      new SparkComputationGraph(spark, theirs, master).fit(spark.parallelize(part, 2));
    }
    fit(spark, ours, master(2, 1), batches, 3);

    assertThat(parameters(ours)).containsExactly(parameters(theirs), within(1e-6f));
    assertThat(updaterState(ours)).containsExactly(updaterState(theirs), within(1e-6f));
    assertThat(ours.getIterationCount()).isEqualTo(theirs.getIterationCount());
  }

  @Test
  void schedulesCountTheStepsReallyDone() {
    // 5 batches on 2 workers in rounds of 2: steps 0 and 1, then worker 0 alone has step 2.
    var schedule = new MapSchedule(ScheduleType.ITERATION, Map.of(0, 0.0, 2, 0.1, 3, 0.0));
    List<DataSet> batches = equalBatches(5, 4);
    ComputationGraph graph = network(new Sgd(schedule), Norm.NONE);
    ComputationGraph expected = network(new Sgd(0.1), Norm.NONE);
    expected.fit(batches.get(4));

    fit(spark, graph, master(2, 2), batches, 2);

    assertThat(graph.getIterationCount()).isEqualTo(3);
    assertThat(parameters(graph)).isEqualTo(parameters(expected));
  }

  @Test
  void listenersHearOfEachRoundWithItsScore() {
    List<DataSet> batches = batches(8, 2, 4, 4, 6);
    ComputationGraph graph = network(new Sgd(0.0), Norm.NONE);
    Recorder recorder = new Recorder();
    SparkComputationGraph distributed = new SparkComputationGraph(spark, graph, master(2, 2));
    graph.setListeners(recorder);
    distributed.setListeners(recorder);

    distributed.fit(spark.parallelize(batches, 2));

    // Nothing is learnt at rate 0, so the score of a round is that of its examples together.
    double first = graph.score(DataSet.merge(batches.subList(0, 4)));
    double second = graph.score(batches.get(4));
    assertThat(recorder.iterations).containsExactly(2, 3);
    assertThat(recorder.scores.get(0)).isCloseTo(first, within(1e-6));
    assertThat(recorder.scores.get(1)).isCloseTo(second, within(1e-6));
    assertThat(recorder.epochs).containsExactly("start", "end");
    assertThat(distributed.getScore()).isEqualTo(recorder.scores.get(1));
  }

  @Test
  void multiDataSetsTrainLikeDataSets() {
    List<DataSet> batches = batches(8, 8, 3);
    List<MultiDataSet> multi = batches.stream().map(DataSet::toMultiDataSet).toList();
    ComputationGraph one = network(new Sgd(0.1), Norm.NONE);
    ComputationGraph other = network(new Sgd(0.1), Norm.NONE);

    fit(spark, one, master(2, 1), batches, 2);
    new SparkComputationGraph(spark, other, master(2, 1))
        .fitMultiDataSet(spark.parallelize(multi, 2));

    assertThat(parameters(other)).isEqualTo(parameters(one));
  }

  @ParameterizedTest
  @EnumSource(
      value = Norm.class,
      names = {"VARIANCE", "LOG10_STD"})
  void runningStatisticsAreThoseOfAllWorkers(Norm norm) {
    List<DataSet> batches = batches(9, 3);
    List<float[]> means = new ArrayList<>();
    List<float[]> variances = new ArrayList<>();
    for (DataSet batch : batches) {
      ComputationGraph alone = network(new Sgd(0.1), norm);
      alone.fit(batch);
      means.add(Fixtures.parameter(alone, "norm", "mean"));
      variances.add(variance(alone, norm));
    }
    ComputationGraph averaged = network(new Sgd(0.1), norm);
    fit(spark, averaged, master(2, 1), batches, 2);

    float[] mean = Fixtures.parameter(averaged, "norm", "mean");
    float[] variance = variance(averaged, norm);
    for (int i = 0; i < mean.length; i++) {
      double expectedMean = 0.75 * means.get(0)[i] + 0.25 * means.get(1)[i];
      double between =
          0.75 * Math.pow(means.get(0)[i] - expectedMean, 2)
              + 0.25 * Math.pow(means.get(1)[i] - expectedMean, 2);
      double within = 0.75 * variances.get(0)[i] + 0.25 * variances.get(1)[i];
      assertThat((double) mean[i]).isCloseTo(expectedMean, within(1e-6));
      assertThat((double) variance[i]).isCloseTo(within + between, within(1e-6));
    }
  }

  private static float[] variance(ComputationGraph graph, Norm norm) {
    if (norm == Norm.VARIANCE) {
      return Fixtures.parameter(graph, "norm", "var");
    }
    float[] variance = Fixtures.parameter(graph, "norm", "log10stdev");
    for (int i = 0; i < variance.length; i++) {
      variance[i] = DeviationForm.LOG10_STD.toVariance(variance[i]);
    }
    return variance;
  }

  @Test
  void frozenLayersStayAsTheyAre() {
    ComputationGraph graph =
        new TransferLearning.GraphBuilder(network(new Nesterovs(0.1, 0.9), Norm.LOG10_STD))
            .fineTuneConfiguration(
                new FineTuneConfiguration.Builder().updater(new Nesterovs(0.1, 0.9)).build())
            .setFeatureExtractor("norm")
            .build();
    // Neither statistic may be a power of ten, which any logarithm keeps.
    graph.getLayer("norm").getParam("log10stdev").assign(0.123);
    graph.getLayer("norm").getParam("mean").assign(0.7);
    ComputationGraph before = graph.clone();

    fit(spark, graph, master(3, 2), batches(8, 8, 7, 8, 5, 8, 8), 2);

    for (String frozen : new String[] {"hidden", "norm"}) {
      for (String name : graph.getLayer(frozen).paramTable().keySet()) {
        assertThat(Fixtures.parameter(graph, frozen, name))
            .as(frozen + " " + name)
            .isEqualTo(Fixtures.parameter(before, frozen, name));
      }
    }
    assertThat(Fixtures.parameter(graph, "out", "W"))
        .isNotEqualTo(Fixtures.parameter(before, "out", "W"));
  }

  @Test
  void hooksRunAroundEachStep() {
    CountingHook.STEPS.set(0);
    ConvoyTrainingMaster master = master(2, 2);
    TrainingHook hook = new CountingHook();
    master.addHook(hook);
    fit(spark, network(new Sgd(0.1), Norm.NONE), master, equalBatches(5, 4), 2);
    assertThat(CountingHook.STEPS).hasValue(10);

    master.removeHook(hook);
    fit(spark, network(new Sgd(0.1), Norm.NONE), master, equalBatches(5, 4), 2);
    assertThat(CountingHook.STEPS).hasValue(10);
  }

  @Test
  void aRoundTouchesItsOwnDataOnlyAndLeavesNothing() throws Exception {
    AtomicInteger tasks = new AtomicInteger();
    SparkListener counter =
        new SparkListener() {
          @Override
          public void onTaskEnd(SparkListenerTaskEnd end) {
            tasks.incrementAndGet();
          }
        };
    spark.sc().addSparkListener(counter);
    try {
      // 3 partitions, 4 rounds of 2 workers, the last one with a worker that has nothing.
      fit(spark, network(new Sgd(0.1), Norm.NONE), master(2, 2), equalBatches(13, 4), 3);
      spark.sc().listenerBus().waitUntilEmpty();
    } finally {
      spark.sc().removeSparkListener(counter);
    }
    // Counting, placing, then in each round two workers and one merge.
    assertThat(tasks).hasValue(3 + 3 + 4 * (2 + 1));
    assertThat(spark.getPersistentRDDs()).isEmpty();
    for (int wait = 0; wait < 100 && shuffleFiles() > 0; wait++) {
      Thread.sleep(50);
    }
    assertThat(shuffleFiles()).isZero();
  }

  private static int shuffleFiles() {
    return SparkEnv.get()
        .blockManager()
        .diskBlockManager()
        .getAllBlocks()
        .count(BlockId::isShuffle);
  }

  @Test
  void gradientNormalizationAndTheLikeAreTheNetworksOwn() {
    ComputationGraph local = clipped();
    ComputationGraph distributed = clipped();
    List<DataSet> batches = equalBatches(3, 8);
    batches.forEach(local::fit);
    fit(spark, distributed, master(1, 5), batches, 1);
    assertThat(parameters(distributed)).isEqualTo(parameters(local));
    ComputationGraph free = network(new Sgd(1), Norm.NONE);
    batches.forEach(free::fit);
    assertThat(parameters(distributed)).isNotEqualTo(parameters(free));
  }

  private static ComputationGraph clipped() {
    ComputationGraph graph = network(new Sgd(1), Norm.NONE);
    graph
        .getConfiguration()
        .getVertices()
        .values()
        .forEach(
            vertex -> {
              if (vertex instanceof org.deeplearning4j.nn.conf.graph.LayerVertex layer
                  && layer.getLayerConf().getLayer()
                      instanceof org.deeplearning4j.nn.conf.layers.BaseLayer base) {
                base.setGradientNormalization(GradientNormalization.ClipElementWiseAbsoluteValue);
                base.setGradientNormalizationThreshold(0.01);
              }
            });
    return graph;
  }

  private static final class Recorder extends BaseTrainingListener implements TrainingListener {
    private final List<Integer> iterations = new ArrayList<>();
    private final List<Double> scores = new ArrayList<>();
    private final List<String> epochs = new ArrayList<>();

    @Override
    public void iterationDone(Model model, int iteration, int epoch) {
      iterations.add(iteration);
      scores.add(model.score());
    }

    @Override
    public void onEpochStart(Model model) {
      epochs.add("start");
    }

    @Override
    public void onEpochEnd(Model model) {
      epochs.add("end");
    }
  }
}
