package dev.convoy.trainer.doctor;

import dev.convoy.trainer.config.ConvoyConfig;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.SparkConf;

/**
 * Task slots against the logical workers that they carry, and what else the schedule depends on.
 */
final class SlotsCheck implements Check<SlotsCheck.Processors> {

  private static final String ONE_ATTEMPT = "local(\\[[^,]*\\])?";

  private final ConvoyConfig config;
  private final SparkConf conf;
  private final List<Executor> executors;

  /** Processors that a process may use. */
  record Processors(int count) {}

  SlotsCheck(ConvoyConfig config, SparkConf conf, List<Executor> executors) {
    this.config = config;
    this.conf = conf;
    this.executors = executors;
  }

  @Override
  public String name() {
    return "slots";
  }

  @Override
  public Probe<Processors> probe() {
    return () -> new Processors(Runtime.getRuntime().availableProcessors());
  }

  @Override
  public Class<Processors> answer() {
    return Processors.class;
  }

  @Override
  public List<Verdict> judge(List<Found<Processors>> answers) {
    List<Verdict> verdicts = new ArrayList<>();
    if (!executors.isEmpty()) {
      verdicts.add(workers());
    }
    for (Found<Processors> found : answers) {
      int slots = Executor.slotsOf(found.place(), executors);
      if (slots * config.threads() > found.value().count()) {
        verdicts.add(
            Verdict.warning(
                found.place(),
                "%d slots with %d threads each share %d processors"
                    .formatted(slots, config.threads(), found.value().count()),
                "give the executor fewer cores, or set spark.task.cpus to threads"));
      }
    }
    if (conf.getBoolean("spark.dynamicAllocation.enabled", false)) {
      verdicts.add(
          Verdict.overall(
              Level.WARNING,
              "with spark.dynamicAllocation.enabled executors come and go",
              "what is said here holds for those that were there; executors of one kind are as good"));
    }
    if (conf.get("spark.master").matches(ONE_ATTEMPT)) {
      verdicts.add(
          Verdict.overall(
              Level.WARNING,
              "with master %s the first task that fails ends the run"
                  .formatted(conf.get("spark.master")),
              "local[N,4] tries it again"));
    }
    return verdicts;
  }

  private Verdict workers() {
    int slots = executors.stream().mapToInt(Executor::slots).sum();
    int workers = config.workers();
    String both = "workers: %d, slots: %d".formatted(workers, slots);
    if (workers < slots) {
      return Verdict.overall(
          Level.WARNING,
          "%s, idle: %d".formatted(both, slots - workers),
          "ask Spark for fewer cores, or set workers to a multiple of the slots");
    }
    if (workers % slots != 0) {
      return Verdict.overall(
          Level.WARNING,
          "%s, waves: %d, idle in the last: %d"
              .formatted(both, (workers + slots - 1) / slots, slots - workers % slots),
          "set workers to a multiple of the slots, or ask Spark for other cores");
    }
    return Verdict.overall(Level.OK, both, "");
  }
}
