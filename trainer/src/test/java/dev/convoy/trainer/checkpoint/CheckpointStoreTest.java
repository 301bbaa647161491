package dev.convoy.trainer.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.convoy.data.storage.Storage;
import dev.convoy.models.InputShape;
import dev.convoy.models.ModelSpec;
import dev.convoy.models.safetensors.SafetensorsFile;
import dev.convoy.models.state.NetworkState;
import dev.convoy.models.state.ParameterLayout;
import dev.convoy.trainer.FileTree;
import dev.convoy.trainer.HookedFileSystem;
import dev.convoy.trainer.Json;
import dev.convoy.trainer.Layouts;
import dev.convoy.trainer.Position;
import dev.convoy.trainer.averaging.EmaState;
import dev.convoy.trainer.averaging.OuterState;
import dev.convoy.trainer.averaging.TrainingState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.security.AccessControlException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Checkpoints come back to the bit, or are named as damaged; the newest whole one is found. */
final class CheckpointStoreTest {

  private static final ModelSpec LENET = ModelSpec.of("lenet", new InputShape(1, 28, 28), 2);
  private static final ParameterLayout LAYOUT = Layouts.of(LENET);
  private static final CheckpointRecord.Trained TRAINED =
      new CheckpointRecord.Trained(
          LENET,
          List.of("dark", "light"),
          new CheckpointRecord.Preprocessing(
              List.of(Map.of("resize", Map.of("height", 28, "width", 28))),
              List.of(0.1307),
              List.of(1e-3)),
          "float32",
          CheckpointRecord.Origin.trained("f".repeat(64), "e".repeat(64)));

  @TempDir private Path run;
  private Storage storage;

  @BeforeEach
  void open() throws IOException {
    storage = Storage.at(run.toString(), new Configuration());
  }

  @AfterEach
  void unhook() {
    HookedFileSystem.unhook();
  }

  @Test
  void comesBackToTheBit() throws Exception {
    NetworkState state = state(1);
    state.parameters()[0] = -0f;
    state.parameters()[1] = Float.MIN_VALUE;
    Position position = new Position(12, 3, 4, 567);
    String location =
        new CheckpointStore(storage, 3)
            .commit(LAYOUT, stateless(state), TRAINED, position, Optional.of(0.1 + 0.2));
    Checkpoint read = new CheckpointStore(storage, 3).newest().orElseThrow();
    assertThat(read.state()).isEqualTo(state);
    assertThat(read.location()).isEqualTo(location);
    assertThat(read.record().position()).isEqualTo(position);
    assertThat(read.record().trained()).isEqualTo(TRAINED);
    assertThat(read.record().validation()).contains(0.1 + 0.2);
    assertThat(read.record().parametersSha256()).isEqualTo(LAYOUT.sha256(state));
    assertThat(CheckpointStore.read(Storage.at(location, new Configuration())).state())
        .isEqualTo(state);
    assertThat(read.name()).isEqualTo("round-000000012-" + LAYOUT.sha256(state).substring(0, 12));
  }

  @Test
  void strategyThatRemembersNothingHasNoFile() throws Exception {
    Path folder = committed();
    assertThat(folder.resolve("outer_momentum.safetensors")).doesNotExist();
    Checkpoint read = new CheckpointStore(storage, 1).newest().orElseThrow();
    assertThat(read.outer().isEmpty()).isTrue();
    assertThat(read.record().files()).containsOnlyKeys("model.safetensors", "momentum.safetensors");
  }

  @Test
  void outerMomentumComesBackToTheBitUnderTheNamesOfTheParameters() throws Exception {
    OuterState outer = new OuterState(state(9).parameters());
    outer.momentum()[0] = -0f;
    Path folder = committed(outer);
    Checkpoint read = new CheckpointStore(storage, 1).newest().orElseThrow();
    assertThat(read.outer()).isEqualTo(outer);
    assertThat(read.trainingState()).isEqualTo(new TrainingState(state(7), outer));
    byte[] file = Files.readAllBytes(folder.resolve("outer_momentum.safetensors"));
    assertThat(SafetensorsFile.read(file).tensors()).isEqualTo(LAYOUT.tensors(outer.momentum()));
  }

  @Test
  void nothingIsThereBeforeTheFirst() throws Exception {
    assertThat(new CheckpointStore(storage, 1).newest()).isEmpty();
    Files.createDirectories(run.resolve("checkpoints/round-000000009-0123456789ab"));
    Files.createDirectories(run.resolve("checkpoints/other"));
    assertThat(new CheckpointStore(storage, 1).newest())
        .as("a folder without a record was never committed")
        .isEmpty();
  }

  @Test
  void newestOfSeveralIsFound() throws Exception {
    CheckpointStore store = new CheckpointStore(storage, 9);
    for (int round : new int[] {2, 1000, 10, 999}) {
      commit(store, round, Optional.empty());
    }
    assertThat(store.newest().orElseThrow().record().position().round()).isEqualTo(1000);
  }

  @Test
  void keepsTheNewestAndTheBest() throws Exception {
    CheckpointStore store = new CheckpointStore(storage, 2);
    commit(store, 1, Optional.of(0.5));
    commit(store, 2, Optional.of(0.9));
    commit(store, 3, Optional.empty());
    commit(store, 4, Optional.of(0.9));
    commit(store, 5, Optional.of(0.7));
    commit(store, 6, Optional.empty());
    assertThat(rounds()).as("2 is the older of the best").containsExactly(2, 5, 6);
  }

  @Test
  void sameRoundCommittedAgainIsReplaced() throws Exception {
    CheckpointStore store = new CheckpointStore(storage, 2);
    store.commit(LAYOUT, stateless(state(4)), TRAINED, new Position(4, 0, 4, 9), Optional.empty());
    store.commit(LAYOUT, stateless(state(4)), TRAINED, new Position(4, 1, 0, 9), Optional.of(0.5));
    assertThat(rounds()).containsExactly(4);
    assertThat(store.newest().orElseThrow().record().position().epoch()).isEqualTo(1);
  }

  /** Batch norms recalibrated at the end of an epoch: the round is the same, the digest is not. */
  @ParameterizedTest
  @CsvSource({"4, 5", "5, 4"})
  void endOfAnEpochIsNewerThanItsLastRound(int before, int after) throws Exception {
    CheckpointStore store = new CheckpointStore(storage, 2);
    Position round = new Position(4, 0, 4, 9);
    Position end = new Position(4, 1, 0, 9);
    store.commit(LAYOUT, stateless(state(before)), TRAINED, round, Optional.empty());
    store.commit(LAYOUT, stateless(state(after)), TRAINED, end, Optional.empty());
    assertThat(rounds()).containsExactly(4, 4);
    assertThat(store.newest().orElseThrow().state()).isEqualTo(state(after));
    new CheckpointStore(storage, 1)
        .commit(LAYOUT, stateless(state(after)), TRAINED, end, Optional.empty());
    assertThat(rounds()).containsExactly(4);
    assertThat(store.newest().orElseThrow().state()).isEqualTo(state(after));
  }

  @Test
  void movingAverageIsKeptInAFileOfItsOwn() throws Exception {
    CheckpointStore store = new CheckpointStore(storage, 2);
    EmaState ema = new EmaState(state(8).parameters());
    TrainingState averaged = stateless(state(7)).with(ema);
    store.commit(LAYOUT, averaged, TRAINED, new Position(4, 1, 0, 9), Optional.empty());
    Checkpoint read = store.newest().orElseThrow();
    assertThat(read.trainingState()).isEqualTo(averaged);
    assertThat(read.isAveraged()).isTrue();
    assertThat(read.state()).isEqualTo(NetworkState.atRest(ema.parameters()));
    assertThat(read.record().files()).containsKey("ema.safetensors");
  }

  @Test
  void damagedNewestNeverCrowdsOutWhatIsCommittedAfterIt() throws Exception {
    CheckpointStore store = new CheckpointStore(storage, 1);
    Path newest = Path.of(java.net.URI.create(commit(store, 9, Optional.empty())).getPath());
    FileTree.flipBit(newest.resolve("model.safetensors"));
    commit(store, 5, Optional.empty());
    assertThat(store.newest().orElseThrow().record().position().round()).isEqualTo(5);
    commit(store, 6, Optional.empty());
    assertThat(rounds()).containsExactly(6, 9);
    assertThat(store.newest().orElseThrow().record().position().round()).isEqualTo(6);
    commit(store, 9, Optional.empty());
    assertThat(rounds()).containsExactly(9);
    assertThat(store.newest().orElseThrow().state()).isEqualTo(state(9));
  }

  @Test
  void whatWasNeverCommittedIsClearedAway() throws Exception {
    Path torn = run.resolve("checkpoints/round-000000001-0123456789ab");
    Files.createDirectories(torn);
    Files.write(torn.resolve("model.safetensors"), new byte[9]);
    commit(new CheckpointStore(storage, 3), 2, Optional.empty());
    assertThat(torn).doesNotExist();
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
    Path folder = committed(new OuterState(state(9).parameters()));
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
    assertThat(new CheckpointStore(storage, 1).newest().orElseThrow().state()).isEqualTo(state(7));
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
    Path folder = committed(new OuterState(state(9).parameters()));
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
    Path folder = committed(new OuterState(state(9).parameters()));
    Files.delete(folder.resolve(file));
    assertDamaged(folder, file + " is missing");
  }

  @Test
  void recordsOfOtherKindsAreNoticed() throws Exception {
    Path folder = committed();
    Path file = folder.resolve("checkpoint.json");
    ObjectNode record = (ObjectNode) Json.MAPPER.readTree(file.toFile());
    for (String text :
        List.of(
            "",
            "null",
            "[]",
            "round 9",
            "{}",
            "{\"format\": 2}",
            record.deepCopy().put("format", 2).put("more", 1).toString(),
            record.toString() + "{}",
            record.deepCopy().without(List.of("position")).toString())) {
      Files.writeString(file, text);
      assertDamaged(folder, "checkpoint.json is not a record");
    }
    Files.writeString(file, record.deepCopy().put("format", 3).toString());
    assertDamaged(folder, "checkpoint.json has format 3; this version reads format 2");
    Files.delete(file);
    assertThatThrownBy(
            () -> CheckpointStore.read(Storage.at(folder.toString(), new Configuration())))
        .isInstanceOf(DamagedCheckpointException.class)
        .hasMessageContaining("never committed");
  }

  @Test
  void allDamagedIsAnErrorAndNotABeginning() throws Exception {
    CheckpointStore store = new CheckpointStore(storage, 3);
    commit(store, 1, Optional.empty());
    commit(store, 2, Optional.empty());
    for (Path folder : folders()) {
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
    CheckpointStore writing = new CheckpointStore(storage, 1);
    commit(writing, 1, Optional.empty());
    AtomicInteger left = new AtomicInteger(3);
    hook(
        (act, file) -> {
          boolean record = file.endsWith("checkpoint.json");
          if (act == HookedFileSystem.Act.OPEN && record && left.getAndDecrement() > 0) {
            commit(writing, 5 - left.get(), Optional.empty());
          }
        });
    assertThat(new CheckpointStore(hooked(), 1).newest().orElseThrow().state()).isEqualTo(state(5));
    assertThat(rounds()).containsExactly(5);
  }

  @Test
  void checkpointIsCommittedThoughOldOnesCannotBeDeleted() throws Exception {
    commit(new CheckpointStore(storage, 1), 1, Optional.empty());
    CheckpointStore store = new CheckpointStore(hooked(), 1);
    hook(
        (act, file) -> {
          if (act == HookedFileSystem.Act.DELETE && file.toString().contains("round-000000001")) {
            throw new AccessControlException("this bucket denies deletes");
          }
        });
    commit(store, 2, Optional.empty());
    assertThat(store.newest().orElseThrow().state()).isEqualTo(state(2));
    commit(store, 3, Optional.empty());
    assertThat(rounds()).as("what can be deleted is").containsExactly(1, 3);
    HookedFileSystem.unhook();
    commit(store, 4, Optional.empty());
    assertThat(rounds()).containsExactly(4);
  }

  @Test
  void namesAreTheSameInEveryLanguage() throws Exception {
    Locale before = Locale.getDefault();
    Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
    try {
      assertThat("%d".formatted(1)).as("other digits").isNotEqualTo("1");
      commit(new CheckpointStore(storage, 1), 12, Optional.empty());
    } finally {
      Locale.setDefault(before);
    }
    assertThat(folders().get(0).getFileName().toString()).startsWith("round-000000012-");
  }

  private static void hook(HookedFileSystem.Hook hook) {
    HookedFileSystem.setHook(hook);
  }

  private Storage hooked() throws IOException {
    return Storage.at(
        HookedFileSystem.location(run), HookedFileSystem.register(new Configuration()));
  }

  private Path committed() throws IOException {
    return committed(OuterState.NONE);
  }

  private Path committed(OuterState outer) throws IOException {
    new CheckpointStore(storage, 1)
        .commit(
            LAYOUT,
            new TrainingState(state(7), outer),
            TRAINED,
            new Position(7, 0, 7, 7),
            Optional.of(0.5));
    return folders().get(0);
  }

  private static TrainingState stateless(NetworkState state) {
    return new TrainingState(state, OuterState.NONE);
  }

  private void assertDamaged(Path folder, String said) {
    assertThatThrownBy(
            () -> CheckpointStore.read(Storage.at(folder.toString(), new Configuration())))
        .isInstanceOf(DamagedCheckpointException.class)
        .hasMessageContaining(said)
        .hasMessageContaining(folder.toString());
  }

  private static String commit(CheckpointStore store, int round, Optional<Double> validation)
      throws IOException {
    return store.commit(
        LAYOUT, stateless(state(round)), TRAINED, new Position(round, 0, round, round), validation);
  }

  private List<Integer> rounds() throws IOException {
    return folders().stream()
        .map(folder -> Integer.parseInt(folder.getFileName().toString().substring(6, 15)))
        .toList();
  }

  private List<Path> folders() throws IOException {
    try (Stream<Path> found = Files.list(run.resolve("checkpoints"))) {
      return found.sorted().toList();
    }
  }

  private static NetworkState state(long seed) {
    Random random = new Random(seed);
    float[] parameters = new float[LAYOUT.length()];
    float[] momentum = new float[LAYOUT.length()];
    for (int i = 0; i < parameters.length; i++) {
      parameters[i] = (float) random.nextGaussian();
      momentum[i] = (float) random.nextGaussian();
    }
    return new NetworkState(parameters, momentum);
  }
}
