package dev.convoy.trainer.checkpoint;

import java.util.List;
import java.util.stream.Collectors;

/** A checkpoint whose files are not what its record says. */
public final class DamagedCheckpointException extends Exception {

  private static final long serialVersionUID = 1L;

  DamagedCheckpointException(String location, String reason, Throwable cause) {
    this("checkpoint %s is damaged: %s".formatted(location, reason), cause);
  }

  private DamagedCheckpointException(String message, Throwable cause) {
    super(message, cause);
  }

  /** Of a run whose checkpoints are all damaged. */
  static DamagedCheckpointException all(String folder, List<DamagedCheckpointException> damaged) {
    return new DamagedCheckpointException(
        "none of the checkpoints in %s is whole:%n  %s%nrestore one from a copy, or train anew in another run directory"
            .formatted(
                folder,
                damaged.stream()
                    .map(Throwable::getMessage)
                    .collect(Collectors.joining(System.lineSeparator() + "  "))),
        damaged.get(0));
  }
}
