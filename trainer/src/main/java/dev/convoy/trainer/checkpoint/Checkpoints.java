package dev.convoy.trainer.checkpoint;

import dev.convoy.data.InvalidRequestException;
import dev.convoy.data.storage.Storage;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;

/** Finds the checkpoint that a person means. */
public final class Checkpoints {

  private Checkpoints() {}

  /**
   * A checkpoint by its own folder, or the newest of a run by the run's directory.
   *
   * @throws InvalidRequestException if there is none
   * @throws DamagedCheckpointException if the named checkpoint is damaged
   */
  public static Checkpoint find(String location, Configuration hadoop)
      throws IOException, DamagedCheckpointException {
    Storage folder = Storage.at(location, hadoop);
    if (CheckpointStore.isCheckpoint(folder)) {
      return CheckpointStore.read(folder);
    }
    return new CheckpointStore(folder, 1)
        .newest()
        .orElseThrow(
            () ->
                new InvalidRequestException(
                    "%s is neither a checkpoint nor a run directory with one; a checkpoint is a folder such as RUN/checkpoints/round-000000120-0123456789ab"
                        .formatted(location)));
  }
}
