package dev.convoy.trainer.training;

/** The run was asked to stop; the last completed round is saved. */
public final class InterruptedRunException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  InterruptedRunException() {
    super("interrupted");
  }
}
