package dev.convoy.trainer.benchmark;

import dev.convoy.data.InvalidRequestException;
import dev.convoy.models.ModelSpec;
import java.util.List;
import org.apache.commons.math3.util.ArithmeticUtils;

/**
 * What is compared.
 *
 * @param model the network with its input and classes
 * @param workers the numbers of workers, one case each
 * @param steps tau
 * @param batch examples a worker and step
 * @param limits rounds of a case; see {@link #limits(int)}
 */
public record RoundComparison(
    ModelSpec model, List<Integer> workers, int steps, int batch, MeasuringLimits limits) {

  private static final int MOST_EXAMPLES = 1_000_000;

  /** Until then Java's compilers, which take cores from the round, have done most of their work. */
  private static final int WARM_UP_TASKS = 16;

  /**
   * Checks that it can be measured.
   *
   * @throws InvalidRequestException with what would be right
   */
  public RoundComparison {
    workers = List.copyOf(workers);
    if (workers.isEmpty()) {
      throw new InvalidRequestException("no number of workers is given; give one or more");
    }
    for (int count : workers) {
      requireAtLeastOne("the number of workers", count);
    }
    requireAtLeastOne("the number of steps", steps);
    requireAtLeastOne("the batch", batch);
  }

  /**
   * Rounds of one case: its warm-up is as long as 16 of its workers' tasks take, if that is longer.
   */
  MeasuringLimits limits(int count) {
    int warmUps = Math.max(limits.warmUps(), (WARM_UP_TASKS + count - 1) / count);
    return new MeasuringLimits(warmUps, limits.rounds(), limits.budget());
  }

  private static void requireAtLeastOne(String what, int value) {
    if (value < 1) {
      throw new InvalidRequestException("%s is %d; at least 1 is needed".formatted(what, value));
    }
  }

  /**
   * Examples for all rounds of every case in one epoch, such that every batch is full, and one at
   * least of each class.
   *
   * @throws InvalidRequestException if these are too many
   */
  int examples() {
    long group = batch;
    long needed = model.classes();
    for (int count : workers) {
      // In floating point, where nothing can overflow.
      double ofCase = (double) count * batch * steps * limits(count).all();
      if (ofCase > MOST_EXAMPLES) {
        throw tooMany();
      }
      needed = Math.max(needed, (long) ofCase);
      group = ArithmeticUtils.lcm(group, (long) count * batch);
      if (group > MOST_EXAMPLES) {
        throw tooMany();
      }
    }
    return Math.toIntExact((needed + group - 1) / group * group);
  }

  private InvalidRequestException tooMany() {
    return new InvalidRequestException(
        "workers %s with batch %d, %d steps and %d rounds after a warm-up need more than %d examples; ask for fewer, or for workers that divide each other"
            .formatted(workers, batch, steps, limits.rounds(), MOST_EXAMPLES));
  }
}
