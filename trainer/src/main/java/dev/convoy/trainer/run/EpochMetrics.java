package dev.convoy.trainer.run;

import java.util.Optional;

/**
 * An epoch's line in the metrics file.
 *
 * @param kind always {@link #KIND}
 * @param epoch from 0
 * @param roundsDone in the whole run
 * @param skippedExamples of workers that diverged and were left out of their round's average
 * @param loss mean over the epoch's other examples, each as it was when it was used
 * @param seconds wall time of its rounds, evaluation not counted
 * @param split evaluated, where one was
 * @param top1 share right at first guess on that split
 * @param top5 share right within five guesses
 * @param evaluationLoss mean cross-entropy on that split
 */
public record EpochMetrics(
    String kind,
    int epoch,
    long roundsDone,
    long skippedExamples,
    double loss,
    double seconds,
    Optional<String> split,
    Optional<Double> top1,
    Optional<Double> top5,
    Optional<Double> evaluationLoss) {

  /** What {@code kind} says. */
  public static final String KIND = "epoch";
}
