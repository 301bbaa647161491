package dev.convoy.trainer.benchmark;

import dev.convoy.data.InvalidRequestException;
import dev.convoy.trainer.config.ConvoyConfig;
import dev.convoy.trainer.round.RoundOutcome;
import dev.convoy.trainer.training.InterruptedRunException;
import dev.convoy.trainer.training.RoundObserver;
import dev.convoy.trainer.training.StopRequest;
import dev.convoy.trainer.training.TrainingJob;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongFunction;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * The first rounds of a run, timed. It is the run that {@code convoy train} would do, ended early;
 * nothing of it is simulated.
 */
final class TrainingRounds implements RoundObserver {

  private final RoundProbe probe;
  private final LongFunction<String> nameOfRound;
  private final MeasuringLimits limits;
  private final StopRequest interruption;
  private final StopRequest enough = new StopRequest();
  private final List<CompletedRound> completed = new ArrayList<>();
  private final long started = System.nanoTime();
  private long ended;
  private Optional<ProcessBytes> bytes = Optional.empty();

  private TrainingRounds(
      RoundProbe probe,
      LongFunction<String> nameOfRound,
      MeasuringLimits limits,
      StopRequest interruption) {
    this.probe = probe;
    this.nameOfRound = nameOfRound;
    this.limits = limits;
    this.interruption = interruption;
  }

  /**
   * Runs the rounds.
   *
   * @param config of the run; its directory must hold none yet
   * @param nameOfRound under which the probe keeps what it hears of a round
   * @param interruption how a signal reaches it
   * @param progress where people see how it goes
   * @return the rounds after the warm-up, at least one
   * @throws InvalidRequestException if the run is over before one round counts
   */
  static List<CompletedRound> run(
      JavaSparkContext spark,
      ConvoyConfig config,
      MeasuringLimits limits,
      RoundProbe probe,
      LongFunction<String> nameOfRound,
      StopRequest interruption,
      PrintStream progress)
      throws IOException {
    TrainingRounds rounds = new TrainingRounds(probe, nameOfRound, limits, interruption);
    probe.begin(nameOfRound.apply(0));
    try {
      new TrainingJob(spark, rounds.enough, Clock.systemUTC(), progress, rounds).train(config);
    } catch (InterruptedRunException e) {
      interruption.check();
    } finally {
      probe.begin("");
    }
    List<CompletedRound> counted =
        rounds.completed.stream().filter(round -> round.round() >= limits.warmUps()).toList();
    if (counted.isEmpty()) {
      throw new InvalidRequestException(
          "the run is over after %d rounds, but %d are the warm-up; give it more examples or epochs, or fewer steps a round"
              .formatted(rounds.completed.size() + 1, limits.warmUps()));
    }
    return counted;
  }

  @Override
  public void roundCompleted(long round, RoundOutcome outcome) {
    long now = System.nanoTime();
    Optional<ProcessBytes> before = bytes;
    bytes = ProcessBytes.now();
    if (round > 0) { // when the first began, nobody said
      completed.add(
          new CompletedRound(
              round,
              (now - ended) * 1e-9,
              outcome.reports(),
              bytes.flatMap(here -> before.map(here::since))));
    }
    ended = now;
    interruption.check();
    if (limits.reached(Math.toIntExact(round + 1), started)) {
      enough.request();
    }
    probe.begin(nameOfRound.apply(round + 1));
  }
}
