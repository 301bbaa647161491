package dev.convoy.trainer.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.data.dataset.Split;
import dev.convoy.trainer.FileTree;
import dev.convoy.trainer.HookedFileSystem;
import dev.convoy.trainer.Position;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.apache.hadoop.security.AccessControlException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is committed is found, the newest and the best are kept, the others deleted. */
final class CheckpointStoreTest {

  @TempDir private Path folder;
  private StoredRun run;

  @BeforeEach
  void open() throws IOException {
    run = new StoredRun(folder);
  }

  @AfterEach
  void unhook() {
    HookedFileSystem.unhook();
  }

  @Test
  void nothingIsThereBeforeTheFirst() throws Exception {
    assertThat(new CheckpointStore(run.storage(), 1).newest()).isEmpty();
    Files.createDirectories(run.folder().resolve("checkpoints/round-000000009-0123456789ab"));
    Files.createDirectories(run.folder().resolve("checkpoints/other"));
    assertThat(new CheckpointStore(run.storage(), 1).newest())
        .as("a folder without a record was never committed")
        .isEmpty();
  }

  @Test
  void newestOfSeveralIsFound() throws Exception {
    CheckpointStore store = new CheckpointStore(run.storage(), 9);
    for (int round : new int[] {2, 1000, 10, 999}) {
      StoredRun.commit(store, round, Optional.empty());
    }
    assertThat(store.newest().orElseThrow().record().position().round()).isEqualTo(1000);
  }

  @Test
  void keepsTheNewestAndTheBest() throws Exception {
    CheckpointStore store = new CheckpointStore(run.storage(), 2);
    StoredRun.commit(store, 1, of(Split.VALIDATION, 0.5));
    StoredRun.commit(store, 2, of(Split.VALIDATION, 0.9));
    StoredRun.commit(store, 3, Optional.empty());
    StoredRun.commit(store, 4, of(Split.VALIDATION, 0.9));
    StoredRun.commit(store, 5, of(Split.VALIDATION, 0.7));
    StoredRun.commit(store, 6, Optional.empty());
    assertThat(run.rounds()).as("2 is the older of the best").containsExactly(2, 5, 6);
  }

  @Test
  void sameRoundCommittedAgainIsReplaced() throws Exception {
    CheckpointStore store = new CheckpointStore(run.storage(), 2);
    store.commit(
        StoredRun.LAYOUT,
        StoredRun.stateless(StoredRun.state(4)),
        StoredRun.TRAINED,
        new Position(4, 0, 4, 9),
        Optional.empty());
    store.commit(
        StoredRun.LAYOUT,
        StoredRun.stateless(StoredRun.state(4)),
        StoredRun.TRAINED,
        new Position(4, 1, 0, 9),
        of(Split.VALIDATION, 0.5));
    assertThat(run.rounds()).containsExactly(4);
    assertThat(store.newest().orElseThrow().record().position().epoch()).isEqualTo(1);
  }

  /** Batch norms recalibrated at the end of an epoch: the round is the same, the digest is not. */
  @ParameterizedTest
  @CsvSource({"4, 5", "5, 4"})
  void endOfAnEpochIsNewerThanItsLastRound(int before, int after) throws Exception {
    CheckpointStore store = new CheckpointStore(run.storage(), 2);
    Position round = new Position(4, 0, 4, 9);
    Position end = new Position(4, 1, 0, 9);
    store.commit(
        StoredRun.LAYOUT,
        StoredRun.stateless(StoredRun.state(before)),
        StoredRun.TRAINED,
        round,
        Optional.empty());
    store.commit(
        StoredRun.LAYOUT,
        StoredRun.stateless(StoredRun.state(after)),
        StoredRun.TRAINED,
        end,
        Optional.empty());
    assertThat(run.rounds()).containsExactly(4, 4);
    assertThat(store.newest().orElseThrow().state()).isEqualTo(StoredRun.state(after));
    new CheckpointStore(run.storage(), 1)
        .commit(
            StoredRun.LAYOUT,
            StoredRun.stateless(StoredRun.state(after)),
            StoredRun.TRAINED,
            end,
            Optional.empty());
    assertThat(run.rounds()).containsExactly(4);
    assertThat(store.newest().orElseThrow().state()).isEqualTo(StoredRun.state(after));
  }

  @Test
  void damagedNewestNeverCrowdsOutWhatIsCommittedAfterIt() throws Exception {
    CheckpointStore store = new CheckpointStore(run.storage(), 1);
    Path newest =
        Path.of(java.net.URI.create(StoredRun.commit(store, 9, Optional.empty())).getPath());
    FileTree.flipBit(newest.resolve("model.safetensors"));
    StoredRun.commit(store, 5, Optional.empty());
    assertThat(store.newest().orElseThrow().record().position().round()).isEqualTo(5);
    StoredRun.commit(store, 6, Optional.empty());
    assertThat(run.rounds()).containsExactly(6, 9);
    assertThat(store.newest().orElseThrow().record().position().round()).isEqualTo(6);
    StoredRun.commit(store, 9, Optional.empty());
    assertThat(run.rounds()).containsExactly(9);
    assertThat(store.newest().orElseThrow().state()).isEqualTo(StoredRun.state(9));
  }

  @Test
  void whatWasNeverCommittedIsClearedAway() throws Exception {
    Path torn = run.folder().resolve("checkpoints/round-000000001-0123456789ab");
    Files.createDirectories(torn);
    Files.write(torn.resolve("model.safetensors"), new byte[9]);
    StoredRun.commit(new CheckpointStore(run.storage(), 3), 2, Optional.empty());
    assertThat(torn).doesNotExist();
  }

  @Test
  void checkpointIsCommittedThoughOldOnesCannotBeDeleted() throws Exception {
    StoredRun.commit(new CheckpointStore(run.storage(), 1), 1, Optional.empty());
    CheckpointStore store = new CheckpointStore(run.hooked(), 1);
    HookedFileSystem.setHook(
        (act, file) -> {
          if (act == HookedFileSystem.Act.DELETE && file.toString().contains("round-000000001")) {
            throw new AccessControlException("this bucket denies deletes");
          }
        });
    StoredRun.commit(store, 2, Optional.empty());
    assertThat(store.newest().orElseThrow().state()).isEqualTo(StoredRun.state(2));
    StoredRun.commit(store, 3, Optional.empty());
    assertThat(run.rounds()).as("what can be deleted is").containsExactly(1, 3);
    HookedFileSystem.unhook();
    StoredRun.commit(store, 4, Optional.empty());
    assertThat(run.rounds()).containsExactly(4);
  }

  @Test
  void namesAreTheSameInEveryLanguage() throws Exception {
    Locale before = Locale.getDefault();
    Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
    try {
      assertThat("%d".formatted(1)).as("other digits").isNotEqualTo("1");
      StoredRun.commit(new CheckpointStore(run.storage(), 1), 12, Optional.empty());
    } finally {
      Locale.setDefault(before);
    }
    assertThat(run.folders().get(0).getFileName().toString()).startsWith("round-000000012-");
  }

  @Test
  void bestIsOfTheSplitThatWasEvaluatedLast() throws Exception {
    CheckpointStore store = new CheckpointStore(run.storage(), 1);
    StoredRun.commit(store, 1, of(Split.TRAIN, 0.99));
    StoredRun.commit(store, 2, of(Split.VALIDATION, 0.6));
    StoredRun.commit(store, 3, of(Split.VALIDATION, 0.5));
    assertThat(run.rounds()).as("what was learnt by heart is not better").containsExactly(2, 3);
    StoredRun.commit(store, 4, Optional.empty());
    assertThat(run.rounds()).containsExactly(2, 4);
  }

  private static Optional<CheckpointRecord.Validation> of(Split split, double top1) {
    return Optional.of(new CheckpointRecord.Validation(split, top1));
  }
}
