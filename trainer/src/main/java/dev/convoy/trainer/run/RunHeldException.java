package dev.convoy.trainer.run;

/** Another process has the run. */
public final class RunHeldException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** Says who has it. */
  public RunHeldException(String message) {
    super(message);
  }
}
