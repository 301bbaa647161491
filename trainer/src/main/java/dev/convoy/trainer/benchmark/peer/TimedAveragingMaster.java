package dev.convoy.trainer.benchmark.peer;

import dev.convoy.trainer.benchmark.MeasuringLimits;
import dev.convoy.trainer.benchmark.ProcessBytes;
import dev.convoy.trainer.benchmark.RoundCase;
import dev.convoy.trainer.benchmark.RoundProbe;
import dev.convoy.trainer.benchmark.TimedRound;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.util.CollectionAccumulator;
import org.deeplearning4j.spark.api.RDDTrainingApproach;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.deeplearning4j.spark.impl.paramavg.ParameterAveragingTrainingMaster;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/**
 * dl4j-spark's master, unchanged but for a clock around each of its rounds ("splits"). Counting the
 * RDD and cutting it into splits, which it does once a pass, are not in the times.
 */
final class TimedAveragingMaster extends ParameterAveragingTrainingMaster {

  private final RoundCase measured;
  private final String name;
  private final CollectionAccumulator<StepTime> stepTimes;
  private final RoundProbe probe;
  private final List<TimedRound> rounds = new ArrayList<>();
  private final long started = System.nanoTime();

  TimedAveragingMaster(
      String name,
      RoundCase measured,
      CollectionAccumulator<StepTime> stepTimes,
      RoundProbe probe) {
    super(
        new Builder(measured.config().workers(), measured.config().batch())
            .batchSizePerWorker(measured.config().batch())
            .averagingFrequency(measured.config().sync().steps())
            .saveUpdater(true)
            .rddTrainingApproach(RDDTrainingApproach.Direct)
            .rngSeed(measured.config().seed())
            .trainingHooks(new StepClock(stepTimes)));
    this.measured = measured;
    this.name = name;
    this.stepTimes = stepTimes;
    this.probe = probe;
  }

  @Override
  protected void doIteration(
      SparkComputationGraph graph, JavaRDD<MultiDataSet> split, int number, int splits) {
    MeasuringLimits limits = measured.limits();
    if (limits.reached(rounds.size(), started)) {
      return;
    }
    String round = measured.roundName(name, rounds.size());
    stepTimes.reset();
    probe.begin(round);
    Optional<ProcessBytes> before = ProcessBytes.now();
    long start = System.nanoTime();
    super.doIteration(graph, split, number, splits);
    double seconds = (System.nanoTime() - start) * 1e-9;
    Optional<ProcessBytes> after = ProcessBytes.now();
    probe.begin("");
    rounds.add(
        new TimedRound(
            round,
            seconds,
            secondsOfTask(stepTimes.value()),
            after.flatMap(now -> before.map(now::since))));
    // It never releases broadcasts and shuffle files itself; Spark does when the collector finds
    // them. Outside the clock, lest the disk be full.
    System.gc();
  }

  private static Map<Long, Double> secondsOfTask(List<StepTime> steps) {
    Map<Long, Double> seconds = new HashMap<>();
    for (StepTime step : steps) {
      seconds.merge(step.task(), step.seconds(), Double::sum);
    }
    return seconds;
  }

  /** The rounds after the warm-up. */
  List<TimedRound> rounds() {
    return List.copyOf(rounds.subList(measured.limits().warmUps(), rounds.size()));
  }
}
