package dev.convoy.trainer.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.convoy.data.dataset.Split;
import dev.convoy.data.storage.Storage;
import dev.convoy.models.safetensors.SafetensorsFile;
import dev.convoy.models.state.NetworkState;
import dev.convoy.trainer.FileTree;
import dev.convoy.trainer.HookedFileSystem;
import dev.convoy.trainer.Json;
import dev.convoy.trainer.Position;
import dev.convoy.trainer.averaging.EmaState;
import dev.convoy.trainer.averaging.OuterState;
import dev.convoy.trainer.averaging.TrainingState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Checkpoints come back to the bit, or are named as damaged. */
final class CheckpointReadTest {

  private static final CheckpointRecord.Validation VALIDATION =
      new CheckpointRecord.Validation(Split.TEST, 0.1 + 0.2);

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
  void comesBackToTheBit() throws Exception {
    NetworkState state = StoredRun.state(1);
    state.parameters()[0] = -0f;
    state.parameters()[1] = Float.MIN_VALUE;
    Position position = new Position(12, 3, 4, 567);
    String location =
        new CheckpointStore(run.storage(), 3)
            .commit(
                StoredRun.LAYOUT,
                StoredRun.stateless(state),
                StoredRun.TRAINED,
                position,
                Optional.of(VALIDATION));
    Checkpoint read = new CheckpointStore(run.storage(), 3).newest().orElseThrow();
    assertThat(read.state()).isEqualTo(state);
    assertThat(read.location()).isEqualTo(location);
    assertThat(read.record().position()).isEqualTo(position);
    assertThat(read.record().trained()).isEqualTo(StoredRun.TRAINED);
    assertThat(read.record().validation()).contains(VALIDATION);
    assertThat(read.record().parametersSha256()).isEqualTo(StoredRun.LAYOUT.sha256(state));
    assertThat(CheckpointStore.read(Storage.at(location, new Configuration())).state())
        .isEqualTo(state);
    assertThat(read.name())
        .isEqualTo("round-000000012-" + StoredRun.LAYOUT.sha256(state).substring(0, 12));
  }

  @Test
  void strategyThatRemembersNothingHasNoFile() throws Exception {
    Path folder = run.committed();
    assertThat(folder.resolve("outer_momentum.safetensors")).doesNotExist();
    Checkpoint read = new CheckpointStore(run.storage(), 1).newest().orElseThrow();
    assertThat(read.outer().isEmpty()).isTrue();
    assertThat(read.record().files()).containsOnlyKeys("model.safetensors", "momentum.safetensors");
  }

  @Test
  void outerMomentumComesBackToTheBitUnderTheNamesOfTheParameters() throws Exception {
    OuterState outer = new OuterState(StoredRun.state(9).parameters());
    outer.momentum()[0] = -0f;
    Path folder = run.committed(outer);
    Checkpoint read = new CheckpointStore(run.storage(), 1).newest().orElseThrow();
    assertThat(read.outer()).isEqualTo(outer);
    assertThat(read.trainingState()).isEqualTo(new TrainingState(StoredRun.state(7), outer));
    byte[] file = Files.readAllBytes(folder.resolve("outer_momentum.safetensors"));
    assertThat(SafetensorsFile.read(file).tensors())
        .isEqualTo(StoredRun.LAYOUT.tensors(outer.momentum()));
  }

  @Test
  void movingAverageIsKeptInAFileOfItsOwn() throws Exception {
    CheckpointStore store = new CheckpointStore(run.storage(), 2);
    EmaState ema = new EmaState(StoredRun.state(8).parameters());
    TrainingState averaged = StoredRun.stateless(StoredRun.state(7)).with(ema);
    store.commit(
        StoredRun.LAYOUT, averaged, StoredRun.TRAINED, new Position(4, 1, 0, 9), Optional.empty());
    Checkpoint read = store.newest().orElseThrow();
    assertThat(read.trainingState()).isEqualTo(averaged);
    assertThat(read.isAveraged()).isTrue();
    assertThat(read.state()).isEqualTo(NetworkState.atRest(ema.parameters()));
    assertThat(read.record().files()).containsKey("ema.safetensors");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "model.safetensors",
        "momentum.safetensors",
        "outer_momentum.safetensors",
        "checkpoint.json"
      })
  void oneFlippedBitAnywhereIsNoticed(String file) throws Exception {
    Path folder = run.committed(new OuterState(StoredRun.state(9).parameters()));
    byte[] whole = Files.readAllBytes(folder.resolve(file));
    Random random = new Random(3);
    for (int i = 0; i < 60; i++) {
      byte[] damaged = whole.clone();
      int at = random.nextInt(whole.length);
      damaged[at] ^= (byte) (1 << random.nextInt(8));
      if (file.endsWith(".json") && Character.isWhitespace(whole[at])) {
        continue; // between two fields: either no JSON any more, or the same record
      }
      Files.write(folder.resolve(file), damaged);
      assertDamaged(folder, file);
    }
    Files.write(folder.resolve(file), whole);
    assertThat(new CheckpointStore(run.storage(), 1).newest().orElseThrow().state())
        .isEqualTo(StoredRun.state(7));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "model.safetensors",
        "momentum.safetensors",
        "outer_momentum.safetensors",
        "checkpoint.json"
      })
  void truncationIsNoticed(String file) throws Exception {
    Path folder = run.committed(new OuterState(StoredRun.state(9).parameters()));
    byte[] whole = Files.readAllBytes(folder.resolve(file));
    for (int length : new int[] {0, 1, 8, whole.length / 2, whole.length - 1}) {
      Files.write(folder.resolve(file), Arrays.copyOf(whole, length));
      assertDamaged(folder, file);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"model.safetensors", "momentum.safetensors", "outer_momentum.safetensors"})
  void missingTensorsAreNoticed(String file) throws Exception {
    Path folder = run.committed(new OuterState(StoredRun.state(9).parameters()));
    Files.delete(folder.resolve(file));
    assertDamaged(folder, file + " is missing");
  }

  @Test
  void recordsOfOtherKindsAreNoticed() throws Exception {
    Path folder = run.committed();
    Path file = folder.resolve("checkpoint.json");
    ObjectNode record = (ObjectNode) Json.MAPPER.readTree(file.toFile());
    for (String text :
        List.of(
            "",
            "null",
            "[]",
            "round 9",
            "{}",
            "{\"format\": 4}",
            record.deepCopy().put("format", 4).put("more", 1).toString(),
            record.toString() + "{}",
            record.deepCopy().without(List.of("position")).toString())) {
      Files.writeString(file, text);
      assertDamaged(folder, "checkpoint.json is not a record");
    }
    Files.writeString(file, record.deepCopy().put("format", 5).toString());
    assertDamaged(folder, "checkpoint.json has format 5; this version reads format 4");
    Files.delete(file);
    assertThatThrownBy(
            () -> CheckpointStore.read(Storage.at(folder.toString(), new Configuration())))
        .isInstanceOf(DamagedCheckpointException.class)
        .hasMessageContaining("never committed");
  }

  @Test
  void allDamagedIsAnErrorAndNotABeginning() throws Exception {
    CheckpointStore store = new CheckpointStore(run.storage(), 3);
    StoredRun.commit(store, 1, Optional.empty());
    StoredRun.commit(store, 2, Optional.empty());
    for (Path folder : run.folders()) {
      FileTree.flipBit(folder.resolve("momentum.safetensors"));
    }
    assertThatThrownBy(store::newest)
        .isInstanceOf(DamagedCheckpointException.class)
        .hasMessageContaining("none of the checkpoints")
        .hasMessageContaining("round-000000001")
        .hasMessageContaining("round-000000002")
        .hasMessageContaining("restore one from a copy");
  }

  @Test
  void runThatPrunesWhileItsCheckpointIsReadIsNoDamagedOne() throws Exception {
    CheckpointStore writing = new CheckpointStore(run.storage(), 1);
    StoredRun.commit(writing, 1, Optional.empty());
    AtomicInteger left = new AtomicInteger(3);
    HookedFileSystem.setHook(
        (act, file) -> {
          boolean record = file.endsWith("checkpoint.json");
          if (act == HookedFileSystem.Act.OPEN && record && left.getAndDecrement() > 0) {
            StoredRun.commit(writing, 5 - left.get(), Optional.empty());
          }
        });
    assertThat(new CheckpointStore(run.hooked(), 1).newest().orElseThrow().state())
        .isEqualTo(StoredRun.state(5));
    assertThat(run.rounds()).containsExactly(5);
  }

  private void assertDamaged(Path folder, String said) {
    assertThatThrownBy(
            () -> CheckpointStore.read(Storage.at(folder.toString(), new Configuration())))
        .isInstanceOf(DamagedCheckpointException.class)
        .hasMessageContaining(said)
        .hasMessageContaining(folder.toString());
  }
}
