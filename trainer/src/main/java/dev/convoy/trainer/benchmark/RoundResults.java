package dev.convoy.trainer.benchmark;

import dev.convoy.models.benchmark.Measurement;
import java.util.List;

/**
 * What a comparison of rounds gave.
 *
 * @param machine where
 * @param results every figure
 * @param observations the same for a cost model, one a case
 */
public record RoundResults(
    String machine, List<Measurement> results, List<RoundObservation> observations) {

  /** Copies the lists. */
  public RoundResults {
    results = List.copyOf(results);
    observations = List.copyOf(observations);
  }
}
