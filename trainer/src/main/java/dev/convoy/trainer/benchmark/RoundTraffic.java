package dev.convoy.trainer.benchmark;

import java.util.List;

/**
 * What Spark's own events say of one round.
 *
 * @param resultBytes serialised results of its tasks, which the driver receives
 * @param broadcastBytes pieces of broadcasts that the driver offered, each counted once
 * @param executorBroadcastBytes pieces of broadcasts that executors took, from the driver or from
 *     each other
 * @param shuffleBytes written for the shuffle
 * @param tasks that ended well
 */
public record RoundTraffic(
    long resultBytes,
    long broadcastBytes,
    long executorBroadcastBytes,
    long shuffleBytes,
    List<TaskSpan> tasks) {

  static final RoundTraffic NONE = new RoundTraffic(0, 0, 0, 0, List.of());

  /** Copies the list. */
  public RoundTraffic {
    tasks = List.copyOf(tasks);
  }
}
