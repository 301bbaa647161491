package dev.convoy.trainer.doctor;

import java.util.List;

/**
 * An executor as Spark lists it.
 *
 * @param place the process
 * @param cores that Spark may use there
 * @param slots tasks that it runs at a time
 * @param gpus addresses of the GPUs that it was given
 * @param since when it came, in milliseconds of the driver's clock
 */
record Executor(Place place, int cores, int slots, List<String> gpus, long since) {

  /** Slots of one of several; 0 if it is not among them. */
  static int slotsOf(Place place, List<Executor> executors) {
    return executors.stream()
        .filter(executor -> executor.place().equals(place))
        .mapToInt(Executor::slots)
        .sum();
  }
}
