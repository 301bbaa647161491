package dev.convoy.trainer.benchmark;

/**
 * What a cost model is fitted to: medians over the rounds of one case.
 *
 * @param implementation whose rounds
 * @param model name in the registry
 * @param parameters running statistics included
 * @param wire form in which a worker's result travels
 * @param workers W
 * @param executors processes; 0 where the driver computes itself
 * @param slots tasks at the same time, over all executors
 * @param steps tau
 * @param batch examples a worker and step
 * @param rounds that were measured
 * @param seconds wall time of a round
 * @param stepSeconds the slowest slot's time in steps
 * @param overheadSeconds of the one less the other
 * @param driverBytes broadcast by the driver, each piece once, and results that it received
 * @param workerBytes written for the shuffle, by the number of workers
 */
public record RoundObservation(
    String implementation,
    String model,
    long parameters,
    String wire,
    int workers,
    int executors,
    int slots,
    int steps,
    int batch,
    int rounds,
    double seconds,
    double stepSeconds,
    double overheadSeconds,
    double driverBytes,
    double workerBytes) {

  /** Checks what is divided by. */
  public RoundObservation {
    if (workers < 1 || slots < 1 || steps < 1) {
      throw new IllegalArgumentException(
          "%d workers, %d slots, %d steps; each has to be at least 1"
              .formatted(workers, slots, steps));
    }
  }

  /** How many workers the fullest slot runs, one after another. */
  int turns() {
    return (workers + slots - 1) / slots;
  }
}
