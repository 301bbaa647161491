package dev.convoy.trainer.checkpoint;

/** A checkpoint whose files are not what its record says. */
public final class DamagedCheckpointException extends Exception {

  private static final long serialVersionUID = 1L;

  DamagedCheckpointException(String location, String reason, Throwable cause) {
    super("checkpoint %s is damaged: %s".formatted(location, reason), cause);
  }
}
