package dev.convoy.trainer.training;

/** A run ended early, and what it had done could not be saved. */
public final class SavingFailedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /**
   * Says what could not be saved.
   *
   * @param what in words
   * @param cause why, which also says how grave it is
   */
  public SavingFailedException(String what, Throwable cause) {
    super(what + ": " + cause.getMessage(), cause);
  }
}
