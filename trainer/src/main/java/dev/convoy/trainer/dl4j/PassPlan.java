package dev.convoy.trainer.dl4j;

import dev.convoy.data.InvalidRequestException;
import java.io.Serializable;

/**
 * Which batch of the RDD goes to which round, worker and step: round by round in the RDD's order,
 * within a round like cards, one to each worker in turn. So every batch is used exactly once, one
 * worker alone goes through them in their order, and in the last round the workers' steps differ by
 * at most one.
 *
 * @param settings workers and steps
 * @param batches elements of the RDD, numbered from 0
 */
record PassPlan(AveragingSettings settings, int batches) implements Serializable {

  PassPlan {
    long partitions = rounds(settings, batches) * settings.workers();
    if (partitions > Integer.MAX_VALUE) {
      throw new InvalidRequestException(
          "%d batches in rounds of %d workers and %d steps make %d parts, more than Spark can number; take fewer workers or more steps a round"
              .formatted(batches, settings.workers(), settings.stepsPerRound(), partitions));
    }
  }

  private static long rounds(AveragingSettings settings, int batches) {
    return (batches + settings.batchesPerRound() - 1) / settings.batchesPerRound();
  }

  int rounds() {
    return (int) rounds(settings, batches);
  }

  /** One partition for each worker in each round: {@code round * workers + worker}. */
  int partitions() {
    return rounds() * settings.workers();
  }

  /** Where a batch goes. */
  int partition(int batch) {
    int round = (int) (batch / settings.batchesPerRound());
    int worker = (int) (batch % settings.batchesPerRound() % settings.workers());
    return round * settings.workers() + worker;
  }

  /** Steps of a worker in a round; 0 for workers that the last round leaves without a batch. */
  int steps(int round, int worker) {
    long left = batches - round * settings.batchesPerRound();
    long inRound = Math.min(left, settings.batchesPerRound());
    return (int) ((inRound - worker + settings.workers() - 1) / settings.workers());
  }

  /** The batch of a worker's step in a round, steps counted from 0. */
  int batch(int round, int worker, int step) {
    return Math.toIntExact(
        round * settings.batchesPerRound() + (long) step * settings.workers() + worker);
  }

  /**
   * Examples that each worker uses in a round.
   *
   * @param examples of every batch
   */
  int[] examples(int round, int[] examples) {
    int[] sums = new int[settings.workers()];
    for (int worker = 0; worker < sums.length; worker++) {
      for (int step = 0; step < steps(round, worker); step++) {
        sums[worker] += examples[batch(round, worker, step)];
      }
    }
    return sums;
  }
}
