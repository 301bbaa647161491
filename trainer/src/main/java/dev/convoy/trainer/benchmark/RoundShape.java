package dev.convoy.trainer.benchmark;

/**
 * What the overhead of a round depends on.
 *
 * @param workers W
 * @param slots tasks at the same time, over all executors
 * @param driverBytes that the driver sends once and receives
 * @param workerBytes of one worker's result
 */
record RoundShape(int workers, int slots, double driverBytes, double workerBytes) {

  static RoundShape of(RoundObservation observation) {
    return new RoundShape(
        observation.workers(),
        observation.slots(),
        observation.driverBytes(),
        observation.workerBytes());
  }

  /** How many workers the fullest slot runs, one after another. */
  int turns() {
    return (workers + slots - 1) / slots;
  }
}
