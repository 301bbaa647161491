package dev.convoy.trainer.benchmark;

import java.util.Map;
import java.util.Optional;

/**
 * A round of either implementation.
 *
 * @param name under which the probe keeps what it heard of it
 * @param seconds wall time
 * @param secondsOfTask time in steps of each task that made some, by Spark's id of the task
 * @param driver bytes that the driver's process read and wrote; empty where nobody counts them
 */
public record TimedRound(
    String name, double seconds, Map<Long, Double> secondsOfTask, Optional<ProcessBytes> driver) {

  /** Copies the map. */
  public TimedRound {
    secondsOfTask = Map.copyOf(secondsOfTask);
  }
}
