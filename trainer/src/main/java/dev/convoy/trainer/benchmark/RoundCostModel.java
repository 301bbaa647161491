package dev.convoy.trainer.benchmark;

import dev.convoy.data.InvalidRequestException;
import java.util.List;

/**
 * The cost of a round of W workers on S slots, in seconds:
 *
 * <pre>{@code
 * round    = steps + overhead
 * steps    = first turn + tau * step time * turns,   turns = ceil(W / S)
 * overhead = perRound + perWorker * W + perTurn * turns
 *          + perDriverByte * D + perWorkerByte * turns * B
 * }</pre>
 *
 * where the first turn is what a slot's first worker takes longer than its others, D are the bytes
 * that the driver sends (one copy) and receives, which do not grow with W, and B those of one
 * worker's result: a slot restores, captures, cuts and writes B for each of its turns, and reads
 * and adds up as much for its slice. Network time is in the byte terms as far as the measured
 * cluster had a network.
 *
 * @param perRound job, stages, what the driver does between rounds
 * @param perWorker what the driver does for each task, and blocks of the shuffle
 * @param perTurn starting a task in its slot
 * @param perDriverByte of the state through the driver
 * @param perWorkerByte of a worker's result through its slot and the merge
 */
public record RoundCostModel(
    double perRound, double perWorker, double perTurn, double perDriverByte, double perWorkerByte) {

  /** Fewer cases than this fit anything. */
  private static final int FEWEST = 3;

  /**
   * Fits the model by least squares of relative errors, no coefficient below 0.
   *
   * @throws InvalidRequestException if there are too few observations
   */
  public static RoundCostModel fit(List<RoundObservation> observations) {
    if (observations.size() < FEWEST) {
      throw new InvalidRequestException(
          "%d measured cases; at least %d, of different numbers of workers, are needed for a cost model"
              .formatted(observations.size(), FEWEST));
    }
    double[][] rows = new double[observations.size()][];
    double[] ones = new double[rows.length];
    for (int i = 0; i < rows.length; i++) {
      double overhead = observations.get(i).overheadSeconds();
      if (!(overhead > 0)) {
        throw new InvalidRequestException(
            "an overhead of %s s was measured for %d workers of %s, which cannot be; measure it again"
                .formatted(overhead, observations.get(i).workers(), observations.get(i).model()));
      }
      rows[i] = terms(RoundShape.of(observations.get(i)));
      for (int c = 0; c < rows[i].length; c++) {
        rows[i][c] /= overhead;
      }
      ones[i] = 1;
    }
    double[] fitted = NonNegativeLeastSquares.solve(rows, ones);
    return new RoundCostModel(fitted[0], fitted[1], fitted[2], fitted[3], fitted[4]);
  }

  private static double[] terms(RoundShape shape) {
    return new double[] {
      1, shape.workers(), shape.turns(), shape.driverBytes(), shape.turns() * shape.workerBytes()
    };
  }

  /** What comes to the steps, in seconds. */
  double overhead(RoundShape shape) {
    double[] terms = terms(shape);
    return perRound * terms[0]
        + perWorker * terms[1]
        + perTurn * terms[2]
        + perDriverByte * terms[3]
        + perWorkerByte * terms[4];
  }
}
