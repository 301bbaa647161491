package dev.convoy.data.plan;

import dev.convoy.data.InvalidRequestException;
import java.util.Arrays;

/**
 * Which example goes to which logical worker at which step of one epoch.
 *
 * <p>A pure function of the shards' sizes (which follow from the dataset's fingerprint), the
 * settings and the epoch; it knows nothing of executors. With N examples, W workers and batches of
 * at most B, every worker makes {@code S = ceil(N / (W B))} steps. The epoch's order is cut into
 * {@code W S} consecutive batches whose sizes differ by at most one; worker k takes the batches
 * {@code k S .. (k + 1) S - 1}, one a step. So each example is used exactly once, nothing is
 * dropped or padded, and a worker's examples are neighbours in the order (and, under a windowed
 * shuffle, in few shards).
 */
public final class EpochPlan {

  private final PlanSettings settings;
  private final int epoch;
  private final int[] shardStarts;
  private final int[] order;
  private final int steps;

  private EpochPlan(PlanSettings settings, int epoch, int[] shardStarts, int[] order, int steps) {
    this.settings = settings;
    this.epoch = epoch;
    this.shardStarts = shardStarts;
    this.order = order;
    this.steps = steps;
  }

  /**
   * Plans one epoch.
   *
   * @param shardSizes examples in each shard of the training split, in the manifest's order
   * @param settings workers, batch, shuffle and seed
   * @param epoch the epoch, from 0
   * @throws InvalidRequestException if there are fewer examples than workers
   */
  public static EpochPlan of(int[] shardSizes, PlanSettings settings, int epoch) {
    int[] order = EpochOrder.draw(shardSizes, settings, epoch);
    if (order.length < settings.workers()) {
      throw new InvalidRequestException(
          "workers: %d, but the training split has %d examples; at most one worker per example is possible"
              .formatted(settings.workers(), order.length));
    }
    int[] starts = new int[shardSizes.length];
    for (int s = 1; s < starts.length; s++) {
      starts[s] = starts[s - 1] + shardSizes[s - 1];
    }
    long perStep = (long) settings.workers() * settings.batch();
    int steps = Math.toIntExact((order.length + perStep - 1) / perStep);
    return new EpochPlan(settings, epoch, starts, order, steps);
  }

  /** The epoch planned, from 0. */
  public int epoch() {
    return epoch;
  }

  /** Examples in the epoch. */
  public int examples() {
    return order.length;
  }

  /** Steps that each worker makes in the epoch. */
  public int steps() {
    return steps;
  }

  /**
   * The place in the epoch's order of the first example of a batch; the batch ends where the next
   * one begins.
   *
   * @param worker from 0
   * @param step from 0 to {@link #steps()}, the latter for the end of the last batch
   */
  public int start(int worker, int step) {
    long batches = (long) settings.workers() * steps;
    long batch = (long) worker * steps + step;
    // Less than 2^31 examples times less than 2^31 batches: no overflow.
    return (int) (batch * order.length / batches);
  }

  /** Examples that all workers together have used before a step. */
  public int examplesBefore(int step) {
    int examples = 0;
    for (int worker = 0; worker < settings.workers(); worker++) {
      examples += examplesOf(worker, 0, step);
    }
    return examples;
  }

  /** Examples that a worker uses from one step up to, not including, another. */
  public int examplesOf(int worker, int fromStep, int toStep) {
    return start(worker, toStep) - start(worker, fromStep);
  }

  /**
   * The examples of one batch.
   *
   * @return one reference per example, in the order of the batch
   */
  public ExampleRef[] batch(int worker, int step) {
    int from = start(worker, step);
    ExampleRef[] refs = new ExampleRef[start(worker, step + 1) - from];
    for (int i = 0; i < refs.length; i++) {
      refs[i] = reference(order[from + i]);
    }
    return refs;
  }

  private ExampleRef reference(int ordinal) {
    int found = Arrays.binarySearch(shardStarts, ordinal);
    int shard = found >= 0 ? found : -found - 2;
    // Empty shards share their start with the next one; the last of them holds the example.
    while (shard + 1 < shardStarts.length && shardStarts[shard + 1] == ordinal) {
      shard++;
    }
    return new ExampleRef(shard, ordinal - shardStarts[shard]);
  }
}
