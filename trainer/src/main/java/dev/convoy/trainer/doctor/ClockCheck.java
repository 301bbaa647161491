package dev.convoy.trainer.doctor;

import dev.convoy.trainer.run.RunLease;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Clocks decide when a run's lease is void. A driver whose clock is ahead takes a run from one that
 * is alive: it may be started on any of these machines.
 */
final class ClockCheck implements Check<ClockCheck.Reading> {

  private static final Duration MOST = RunLease.EXPIRY.dividedBy(2);
  private static final Duration MUCH = RunLease.EXPIRY.dividedBy(12);

  /** What a clock shows. */
  record Reading(Instant now) {}

  @Override
  public String name() {
    return "clock";
  }

  @Override
  public Probe<Reading> probe() {
    return () -> new Reading(Instant.now());
  }

  @Override
  public Class<Reading> answer() {
    return Reading.class;
  }

  @Override
  public List<Verdict> judge(List<Found<Reading>> answers) {
    List<Verdict> verdicts = new ArrayList<>();
    for (Found<Reading> found : answers) {
      Duration behind = Duration.between(found.value().now(), found.asked());
      Duration ahead = Duration.between(found.received(), found.value().now());
      boolean late = behind.compareTo(ahead) > 0;
      Duration skew = late ? behind : ahead;
      String detail =
          "the clock is %d s %s the driver's"
              .formatted(skew.toSeconds(), late ? "behind" : "ahead of");
      if (skew.compareTo(MUCH) <= 0) {
        verdicts.add(
            Verdict.ok(
                found.place(),
                "the clock is within %d s of the driver's".formatted(MUCH.toSeconds())));
      } else {
        Level level = skew.compareTo(MOST) > 0 ? Level.FAILS : Level.WARNING;
        String advice =
            "set it by NTP: a run's lease is void %d s after its last heartbeat, and more than %d s could give a live run away"
                .formatted(RunLease.EXPIRY.toSeconds(), MOST.toSeconds());
        verdicts.add(new Verdict(Optional.of(found.place()), level, detail, advice));
      }
    }
    return verdicts;
  }
}
