package dev.convoy.trainer.run;

import java.util.Optional;

/**
 * A round's line in the metrics file.
 *
 * @param kind always {@link #KIND}
 * @param round counted over the run, from 0
 * @param epoch from 0
 * @param examples of the round
 * @param skippedExamples of these, those of workers that diverged and were left out of the average
 * @param examplesDone used in the whole run when the round was done
 * @param loss mean over the round's examples that were not skipped
 * @param learningRate of its last step
 * @param seconds wall time
 * @param imagesPerSecond its examples by its wall time
 * @param slowestWorkerSeconds loading and computing of the slowest worker
 * @param prefetchedBatches of all workers, loaded before they were asked for
 * @param straggler the worker that was out of line, if one was
 */
public record RoundMetrics(
    String kind,
    long round,
    int epoch,
    int examples,
    int skippedExamples,
    long examplesDone,
    double loss,
    double learningRate,
    double seconds,
    double imagesPerSecond,
    double slowestWorkerSeconds,
    int prefetchedBatches,
    Optional<StragglerMetrics> straggler) {

  /** What {@code kind} says. */
  public static final String KIND = "round";

  /** Examples that the round's average rests on. */
  public int averagedExamples() {
    return examples - skippedExamples;
  }
}
