package dev.convoy.trainer.checkpoint;

import dev.convoy.data.storage.Sha256;
import dev.convoy.data.storage.Storage;
import dev.convoy.models.state.ParameterLayout;
import dev.convoy.trainer.Position;
import dev.convoy.trainer.averaging.TrainingState;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
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
  private static final String PREFIX = "round-";
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
   * @param validation how good this state is, where it was evaluated
   * @return the folder's location
   */
  public String commit(
      ParameterLayout layout,
      TrainingState state,
      CheckpointRecord.Trained trained,
      Position position,
      Optional<CheckpointRecord.Validation> validation)
      throws IOException {
    Map<String, byte[]> tensors = CheckpointFiles.tensors(layout, state, trained);
    Map<String, CheckpointRecord.FileDigest> digests = new LinkedHashMap<>();
    tensors.forEach(
        (file, bytes) ->
            digests.put(
                file, new CheckpointRecord.FileDigest(bytes.length, Sha256.hex(Sha256.of(bytes)))));
    CheckpointRecord record =
        new CheckpointRecord(
            CheckpointRecord.FORMAT,
            position,
            validation,
            layout.sha256(state.network()),
            trained,
            digests);
    String name =
        String.format(
            Locale.ROOT, // other languages have other digits
            "%s%09d-%s",
            PREFIX,
            record.position().round(),
            record.parametersSha256().substring(0, DIGEST_DIGITS));
    Storage folder = run.folder(FOLDER).folder(name);
    for (Map.Entry<String, byte[]> file : tensors.entrySet()) {
      folder.write(file.getKey(), file.getValue());
    }
    folder.write(CheckpointFiles.RECORD, CheckpointFiles.record(record));
    prune(name);
    return folder.location();
  }

  /**
   * The newest checkpoint that is whole. A damaged one is reported in the log and passed over. A
   * run that goes on may delete what was found here before it is read; the run's newer ones are
   * looked for then.
   *
   * @return nothing if none was ever committed
   * @throws DamagedCheckpointException if there are checkpoints and none of them is whole
   */
  public Optional<Checkpoint> newest() throws IOException, DamagedCheckpointException {
    List<String> names = namesNewestFirst();
    while (true) {
      List<DamagedCheckpointException> damaged = new ArrayList<>();
      Optional<Checkpoint> whole = firstWhole(names, damaged);
      if (whole.isPresent()) {
        return whole;
      }
      List<String> now = namesNewestFirst();
      if (!now.equals(names)) {
        LOG.info("{} changed while it was read; looking again", run.location(FOLDER));
        names = now;
      } else if (names.isEmpty()) {
        return Optional.empty();
      } else {
        throw DamagedCheckpointException.all(run.location(FOLDER), damaged);
      }
    }
  }

  private Optional<Checkpoint> firstWhole(
      List<String> names, List<DamagedCheckpointException> damaged) throws IOException {
    for (String name : names) {
      try {
        Checkpoint whole = CheckpointFiles.read(run.folder(FOLDER).folder(name), name);
        damaged.forEach(e -> LOG.warn("{}; {} is used instead", e.getMessage(), name));
        return Optional.of(whole);
      } catch (DamagedCheckpointException e) {
        damaged.add(e);
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

  /**
   * Deletes what is older than the newest ones and not the best. What lies beyond the one committed
   * now was damaged, or this run would have gone on from there: it must not crowd out a whole one.
   *
   * <p>What cannot be deleted stays, with a warning: the commit is done, and a run does not end for
   * room that nobody misses yet.
   */
  private void prune(String committed) {
    List<String> left = new ArrayList<>();
    try {
      List<String> names = namesNewestFirst();
      int newest = names.indexOf(committed);
      Set<String> kept = new HashSet<>(names.subList(0, Math.min(names.size(), newest + keep)));
      best(names).ifPresent(kept::add);
      for (String name : folders()) {
        boolean older = names.contains(name) || name.compareTo(committed) < 0;
        if (older && !kept.contains(name)) {
          delete(name).ifPresent(left::add);
        }
      }
    } catch (IOException e) {
      left.add(e.getMessage());
    }
    if (!left.isEmpty()) {
      LOG.warn(
          "old checkpoints in {} could not be deleted: {} of them, the first because: {}",
          run.location(FOLDER),
          left.size(),
          left.get(0));
    }
  }

  /** Deletes a checkpoint; gives the reason where that fails. */
  private Optional<String> delete(String name) {
    try {
      // The record goes first, so that a half-deleted folder is no checkpoint.
      run.folder(FOLDER).delete(name + "/" + CheckpointFiles.RECORD);
      run.folder(FOLDER).delete(name);
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  /**
   * The checkpoint with the best top-1 on the split that was evaluated last (a run may change it
   * when it resumes); of equals the older.
   *
   * @param names the newest first
   */
  private Optional<String> best(List<String> names) throws IOException {
    Optional<String> best = Optional.empty();
    Optional<CheckpointRecord.Validation> bestValidation = Optional.empty();
    for (String name : names) {
      Optional<CheckpointRecord.Validation> validation = validation(name);
      if (validation.isPresent() && !isWorse(validation.get(), bestValidation)) {
        best = Optional.of(name);
        bestValidation = validation;
      }
    }
    return best;
  }

  private static boolean isWorse(
      CheckpointRecord.Validation validation, Optional<CheckpointRecord.Validation> best) {
    return best.filter(b -> validation.split() != b.split() || validation.top1() < b.top1())
        .isPresent();
  }

  private Optional<CheckpointRecord.Validation> validation(String name) throws IOException {
    try {
      return CheckpointFiles.readRecord(run.folder(FOLDER).folder(name)).validation();
    } catch (DamagedCheckpointException e) {
      LOG.debug("not looked at for the best: {}", e.getMessage());
      return Optional.empty();
    }
  }

  private List<String> namesNewestFirst() throws IOException {
    List<String> names = new ArrayList<>();
    for (String name : folders()) {
      if (run.exists(FOLDER + "/" + name + "/" + CheckpointFiles.RECORD)) {
        names.add(name);
      }
    }
    names.sort(Comparator.<String>naturalOrder().reversed());
    return latestOfEachRoundFirst(names);
  }

  /** Names of all folders that are or were to be checkpoints. */
  private List<String> folders() throws IOException {
    return run.listing(FOLDER).folders().stream().filter(n -> n.startsWith(PREFIX)).toList();
  }

  /**
   * After the last round of an epoch there may be two states: as it was, and as the epoch's end
   * left it, with batch norms recalibrated. The second is the newer one.
   */
  private List<String> latestOfEachRoundFirst(List<String> names) throws IOException {
    Map<String, List<String>> byRound = new LinkedHashMap<>();
    for (String name : names) {
      byRound.computeIfAbsent(roundOf(name), round -> new ArrayList<>()).add(name);
    }
    List<String> ordered = new ArrayList<>();
    for (List<String> ofRound : byRound.values()) {
      Map<String, Integer> epochs = new HashMap<>();
      for (String name : ofRound.size() > 1 ? ofRound : List.<String>of()) {
        epochs.put(name, epochOf(name));
      }
      ofRound.sort(
          Comparator.comparing((String name) -> -epochs.getOrDefault(name, 0))
              .thenComparing(Comparator.reverseOrder()));
      ordered.addAll(ofRound);
    }
    return ordered;
  }

  private static String roundOf(String name) {
    int digest = name.lastIndexOf('-');
    return name.substring(0, Math.max(digest, PREFIX.length()));
  }

  private int epochOf(String name) throws IOException {
    try {
      return CheckpointFiles.readRecord(run.folder(FOLDER).folder(name)).position().epoch();
    } catch (DamagedCheckpointException e) {
      LOG.debug("taken for the older of its round: {}", e.getMessage());
      return -1;
    }
  }
}
