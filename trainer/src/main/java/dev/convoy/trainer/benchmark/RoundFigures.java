package dev.convoy.trainer.benchmark;

import dev.convoy.models.benchmark.Measurement;
import dev.convoy.trainer.config.ConvoyConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/** The figures of one case of one implementation. */
final class RoundFigures {

  private static final double MEGABYTE = 1e6;

  private final ConvoyConfig config;
  private final String implementation;
  private final String wire;
  private final List<Round> rounds;
  private final ClusterShape cluster;

  private record Round(TimedRound timed, RoundTraffic traffic, double stepSeconds) {
    double overhead() {
      return timed.seconds() - stepSeconds;
    }
  }

  RoundFigures(
      ConvoyConfig config,
      AveragedRounds implementation,
      List<TimedRound> timed,
      RoundProbe probe,
      ClusterShape cluster) {
    this.config = config;
    this.implementation = implementation.name();
    this.wire = implementation.wire();
    this.cluster = cluster;
    this.rounds = timed.stream().map(round -> round(round, probe.traffic(round.name()))).toList();
  }

  private Round round(TimedRound timed, RoundTraffic traffic) {
    Set<Long> made = timed.secondsOfTask().keySet();
    List<TaskSpan> tasks =
        traffic.tasks().stream().filter(task -> made.contains(task.task())).toList();
    if (tasks.size() != made.size() || made.isEmpty()) {
      throw new IllegalStateException(
          "%s: of %d tasks that made steps, %d were heard of"
              .formatted(timed.name(), made.size(), tasks.size()));
    }
    return new Round(
        timed,
        traffic,
        SlotTimes.slowest(tasks, timed.secondsOfTask(), cluster.slotsPerExecutor()));
  }

  List<Measurement> measurements() {
    List<Measurement> figures = new ArrayList<>();
    figures.add(figure("wall time", "s", 1, round -> round.timed().seconds()));
    figures.add(figure("slowest slot's steps", "s", 1, Round::stepSeconds));
    figures.add(figure("overhead", "s", 1, Round::overhead));
    figures.add(figure("results received", "MB", MEGABYTE, round -> round.traffic().resultBytes()));
    figures.add(
        figure("broadcast, one copy", "MB", MEGABYTE, round -> round.traffic().broadcastBytes()));
    figures.add(
        figure(
            "broadcast, executors' copies",
            "MB",
            MEGABYTE,
            round -> round.traffic().executorBroadcastBytes()));
    figures.add(figure("shuffle written", "MB", MEGABYTE, round -> round.traffic().shuffleBytes()));
    // Where the driver computes itself, its process moves everybody's bytes.
    if (!cluster.isDriverAlone()
        && rounds.stream().allMatch(round -> round.timed().driver().isPresent())) {
      figures.add(figure("driver's process read", "MB", MEGABYTE, round -> driver(round).read()));
      figures.add(
          figure("driver's process wrote", "MB", MEGABYTE, round -> driver(round).written()));
    }
    return figures;
  }

  RoundObservation observation(long parameters) {
    return new RoundObservation(
        implementation,
        config.model().name(),
        parameters,
        wire,
        config.workers(),
        cluster.executors(),
        cluster.slots(),
        config.sync().steps(),
        config.batch(),
        rounds.size(),
        median(round -> round.timed().seconds()),
        median(Round::stepSeconds),
        median(Round::overhead),
        median(round -> round.traffic().broadcastBytes() + round.traffic().resultBytes()),
        median(round -> (double) round.traffic().shuffleBytes() / config.workers()));
  }

  private static ProcessBytes driver(Round round) {
    Optional<ProcessBytes> driver = round.timed().driver();
    return driver.orElseThrow();
  }

  private Measurement figure(
      String what, String unit, double divisor, ToDoubleFunction<Round> value) {
    return Summary.of(
        "%s, %s, W = %d, tau = %d, %s wire: %s"
            .formatted(
                implementation,
                config.model().name(),
                config.workers(),
                config.sync().steps(),
                wire,
                what),
        unit,
        rounds.stream().map(round -> value.applyAsDouble(round) / divisor).toList());
  }

  private double median(ToDoubleFunction<Round> value) {
    return Summary.median(rounds.stream().mapToDouble(value).toArray());
  }
}
