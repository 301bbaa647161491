package dev.convoy.trainer.benchmark;

/**
 * A measured case beside what the cost model says of it.
 *
 * @param model name in the registry
 * @param wire form in which a worker's result travels
 * @param workers W
 * @param slots tasks at the same time
 * @param seconds measured wall time of a round
 * @param predictedSeconds of it
 * @param overheadSeconds measured
 * @param predictedOverheadSeconds of it
 */
public record RoundPrediction(
    String model,
    String wire,
    int workers,
    int slots,
    double seconds,
    double predictedSeconds,
    double overheadSeconds,
    double predictedOverheadSeconds) {

  /** The round's relative error, positive where too much was predicted. */
  public double error() {
    return predictedSeconds / seconds - 1;
  }

  /** The overhead's relative error. */
  public double overheadError() {
    return predictedOverheadSeconds / overheadSeconds - 1;
  }
}
