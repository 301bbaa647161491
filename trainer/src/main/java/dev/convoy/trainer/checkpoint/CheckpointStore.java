package dev.convoy.trainer.checkpoint;

import dev.convoy.data.storage.Storage;
import dev.convoy.models.state.NetworkState;
import dev.convoy.models.state.ParameterLayout;
import dev.convoy.trainer.Digests;
import dev.convoy.trainer.Position;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A run's checkpoints: {@code checkpoints/round-NNNNNNNNN-DIGEST/}, where DIGEST begins the
 * parameters' SHA-256, so that two holders of a run could only write the same bytes to the same
 * name.
 */
public final class CheckpointStore {

  private static final Logger LOG = LoggerFactory.getLogger(CheckpointStore.class);
  private static final String FOLDER = "checkpoints";
  private static final int DIGEST_DIGITS = 12;

  private final Storage run;
  private final int keep;

  /**
   * The checkpoints in a run's directory.
   *
   * @param run the directory
   * @param keep how many of the newest are kept; the best is kept besides
   */
  public CheckpointStore(Storage run, int keep) {
    this.run = run;
    this.keep = keep;
  }

  /**
   * Commits a state. When this returns, the checkpoint is there for good; when it throws, those
   * before it are.
   *
   * @param layout of the network
   * @param state what to keep
   * @param trained what the run trains
   * @param position the round that goes on from this state
   * @param validation top-1 share at this state, where it was evaluated
   * @return the folder's location
   */
  public String commit(
      ParameterLayout layout,
      NetworkState state,
      CheckpointRecord.Trained trained,
      Position position,
      Optional<Double> validation)
      throws IOException {
    Map<String, byte[]> tensors = CheckpointFiles.tensors(layout, state);
    Map<String, CheckpointRecord.FileDigest> digests = new LinkedHashMap<>();
    tensors.forEach(
        (file, bytes) ->
            digests.put(
                file, new CheckpointRecord.FileDigest(bytes.length, Digests.sha256(bytes))));
    CheckpointRecord record =
        new CheckpointRecord(
            CheckpointRecord.FORMAT, position, validation, layout.sha256(state), trained, digests);
    String name =
        "round-%09d-%s"
            .formatted(
                record.position().round(), record.parametersSha256().substring(0, DIGEST_DIGITS));
    Storage folder = run.folder(FOLDER).folder(name);
    for (Map.Entry<String, byte[]> file : tensors.entrySet()) {
      folder.write(file.getKey(), file.getValue());
    }
    folder.write(CheckpointFiles.RECORD, CheckpointFiles.record(record));
    prune();
    return folder.location();
  }

  /**
   * The newest checkpoint that is whole. A damaged one is reported in the log and passed over.
   *
   * @return nothing if there is none
   */
  public Optional<Checkpoint> newest() throws IOException {
    for (String name : namesNewestFirst()) {
      try {
        return Optional.of(CheckpointFiles.read(run.folder(FOLDER).folder(name), name));
      } catch (DamagedCheckpointException e) {
        LOG.warn("{}; the one before it is used", e.getMessage());
      }
    }
    return Optional.empty();
  }

  /** A checkpoint by its own folder, wherever it lies. */
  public static Checkpoint read(Storage folder) throws IOException, DamagedCheckpointException {
    return CheckpointFiles.read(folder, folder.location());
  }

  /** Whether a folder holds a checkpoint's record. */
  public static boolean isCheckpoint(Storage folder) throws IOException {
    return folder.exists(CheckpointFiles.RECORD);
  }

  private void prune() throws IOException {
    List<String> names = namesNewestFirst();
    Set<String> kept = new HashSet<>(names.subList(0, Math.min(keep, names.size())));
    best(names).ifPresent(kept::add);
    for (String name : names) {
      if (!kept.contains(name)) {
        // The record goes first, so that a half-deleted folder is no checkpoint.
        run.folder(FOLDER).delete(name + "/" + CheckpointFiles.RECORD);
        run.folder(FOLDER).delete(name);
      }
    }
  }

  /** The checkpoint with the best validated top-1; of equals the older. */
  private Optional<String> best(List<String> names) throws IOException {
    Optional<String> best = Optional.empty();
    double bestTop1 = -1;
    for (String name : names) {
      try {
        CheckpointRecord record = CheckpointFiles.readRecord(run.folder(FOLDER).folder(name));
        double top1 = record.validation().orElse(-1.0);
        if (top1 >= 0 && top1 >= bestTop1) {
          best = Optional.of(name);
          bestTop1 = top1;
        }
      } catch (DamagedCheckpointException e) {
        LOG.debug("not looked at for the best: {}", e.getMessage());
      }
    }
    return best;
  }

  private List<String> namesNewestFirst() throws IOException {
    List<String> names = new ArrayList<>();
    if (!run.exists(FOLDER)) {
      return names;
    }
    for (String name : run.listing(FOLDER).folders()) {
      if (name.startsWith("round-")
          && run.exists(FOLDER + "/" + name + "/" + CheckpointFiles.RECORD)) {
        names.add(name);
      }
    }
    names.sort(Comparator.<String>naturalOrder().reversed());
    return names;
  }
}
