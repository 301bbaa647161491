package dev.convoy.trainer.benchmark;

import dev.convoy.trainer.round.WorkerReport;
import dev.convoy.trainer.training.StopRequest;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;

/** Rounds of {@code convoy train}. */
public final class ConvoyRounds implements AveragedRounds {

  /** As it is called on the command line. */
  public static final String NAME = "convoy";

  /** The wire that needs no word in a configuration. */
  public static final String FLOAT32 = "float32";

  private final JavaSparkContext spark;
  private final RoundProbe probe;
  private final String wire;
  private final StopRequest interruption;
  private final PrintStream progress;

  /**
   * Rounds on a cluster.
   *
   * @param wire the words for the configurations' {@code sync.wire}
   * @param interruption how a signal reaches them
   * @param progress where people see how it goes
   */
  public ConvoyRounds(
      JavaSparkContext spark,
      RoundProbe probe,
      String wire,
      StopRequest interruption,
      PrintStream progress) {
    this.spark = spark;
    this.probe = probe;
    this.wire = wire;
    this.interruption = interruption;
    this.progress = progress;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String wire() {
    return wire;
  }

  @Override
  public List<TimedRound> run(RoundCase measured) throws IOException {
    List<CompletedRound> rounds =
        TrainingRounds.run(
            spark,
            measured.config(),
            measured.limits(),
            probe,
            round -> measured.roundName(NAME, round),
            interruption,
            progress);
    probe.settle();
    List<TimedRound> timed = new ArrayList<>();
    for (CompletedRound round : rounds) {
      String name = measured.roundName(NAME, round.round());
      timed.add(
          new TimedRound(
              name,
              round.seconds(),
              secondsOfTask(round.reports(), probe.traffic(name).tasks()),
              round.driver()));
    }
    return timed;
  }

  /** Worker k is the k-th task of the round's first stage; loading is no step. */
  private static Map<Long, Double> secondsOfTask(List<WorkerReport> reports, List<TaskSpan> tasks) {
    int first =
        tasks.stream()
            .min(Comparator.comparingInt(TaskSpan::stage))
            .map(TaskSpan::stage)
            .orElseThrow(() -> new IllegalStateException("nothing was heard of a round's tasks"));
    Map<Long, Double> seconds = new HashMap<>();
    for (TaskSpan task : tasks) {
      if (task.stage() == first) {
        for (WorkerReport report : reports) {
          if (report.worker() == task.partition()) {
            seconds.put(task.task(), report.secondsComputing());
          }
        }
      }
    }
    return seconds;
  }
}
