package dev.convoy.trainer.dl4j;

import dev.convoy.data.InvalidRequestException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * How the batches of a pass are shared out.
 *
 * @param workers W, replicas that are averaged; as many as the experiment wants, whatever the
 *     cluster has
 * @param stepsPerRound tau, batches that each worker fits between two averagings
 */
record AveragingSettings(int workers, int stepsPerRound) implements Serializable {

  AveragingSettings {
    List<String> problems = new ArrayList<>();
    if (workers < 1) {
      problems.add("workers is " + workers + "; it has to be 1 or more");
    }
    if (stepsPerRound < 1) {
      problems.add("stepsPerRound is " + stepsPerRound + "; it has to be 1 or more");
    }
    if (!problems.isEmpty()) {
      throw new InvalidRequestException(String.join(". ", problems));
    }
  }

  /** Batches that all workers fit in a full round. */
  long batchesPerRound() {
    return (long) workers * stepsPerRound;
  }
}
