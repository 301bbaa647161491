package dev.convoy.trainer.doctor;

import java.io.Serializable;

/**
 * Looks at something inside a process of the cluster.
 *
 * @param <A> what it finds: a record that JSON can hold
 */
@FunctionalInterface
interface Probe<A extends Record> extends Serializable {

  /** Looks; whatever it throws is a finding. */
  A look() throws Exception;
}
