package dev.convoy.trainer.doctor;

import java.util.List;

/**
 * One thing that a run needs of its cluster.
 *
 * @param <A> what is found in each process: a record that JSON can hold
 */
interface Check<A extends Record> {

  /** One word, as reports name it. */
  String name();

  /** What is looked at in each executor. */
  Probe<A> probe() throws Exception;

  /** The type of what the probe finds. */
  Class<A> answer();

  /** Whether the driver is looked at, too. */
  default boolean concernsDriver() {
    return false;
  }

  /** What would be right where the probe fails. */
  default String advice() {
    return "look at the executor's log";
  }

  /** Makes ready what the probes need; whatever it throws is a finding. */
  default void prepare() throws Exception {}

  /**
   * Says what the answers mean.
   *
   * @param answers of the processes in which the probe did not fail
   */
  List<Verdict> judge(List<Found<A>> answers) throws Exception;

  /** Removes what {@link #prepare} and the probes left. */
  default void cleanUp() throws Exception {}
}
