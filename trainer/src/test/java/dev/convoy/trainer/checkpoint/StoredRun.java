package dev.convoy.trainer.checkpoint;

import dev.convoy.data.dataset.Split;
import dev.convoy.data.storage.Storage;
import dev.convoy.models.InputShape;
import dev.convoy.models.ModelSpec;
import dev.convoy.models.state.NetworkState;
import dev.convoy.models.state.ParameterLayout;
import dev.convoy.trainer.HookedFileSystem;
import dev.convoy.trainer.Layouts;
import dev.convoy.trainer.Position;
import dev.convoy.trainer.averaging.OuterState;
import dev.convoy.trainer.averaging.TrainingState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;

/** A run's folder with checkpoints of a small network in it. */
final class StoredRun {

  private static final ModelSpec LENET = ModelSpec.of("lenet", new InputShape(1, 28, 28), 2);
  static final ParameterLayout LAYOUT = Layouts.of(LENET);
  static final CheckpointRecord.Trained TRAINED =
      new CheckpointRecord.Trained(
          LENET,
          List.of("dark", "light"),
          new CheckpointRecord.Preprocessing(
              List.of(Map.of("resize", Map.of("height", 28, "width", 28))),
              List.of(0.1307),
              List.of(1e-3)),
          "float32",
          CheckpointRecord.Origin.trained(
              new CheckpointRecord.Training("f".repeat(64), "00001", 0.1, "e".repeat(64))));

  private final Path folder;
  private final Storage storage;

  StoredRun(Path folder) throws IOException {
    this.folder = folder;
    this.storage = Storage.at(folder.toString(), new Configuration());
  }

  Path folder() {
    return folder;
  }

  Storage storage() {
    return storage;
  }

  Path committed() throws IOException {
    return committed(OuterState.NONE);
  }

  Path committed(OuterState outer) throws IOException {
    new CheckpointStore(storage, 1)
        .commit(
            LAYOUT,
            new TrainingState(state(7), outer),
            TRAINED,
            new Position(7, 0, 7, 7),
            Optional.of(new CheckpointRecord.Validation(Split.VALIDATION, 0.5)));
    return folders().get(0);
  }

  Storage hooked() throws IOException {
    return Storage.at(
        HookedFileSystem.location(folder), HookedFileSystem.register(new Configuration()));
  }

  static TrainingState stateless(NetworkState state) {
    return new TrainingState(state, OuterState.NONE);
  }

  static String commit(
      CheckpointStore store, int round, Optional<CheckpointRecord.Validation> validation)
      throws IOException {
    return store.commit(
        LAYOUT, stateless(state(round)), TRAINED, new Position(round, 0, round, round), validation);
  }

  List<Integer> rounds() throws IOException {
    return folders().stream()
        .map(folder -> Integer.parseInt(folder.getFileName().toString().substring(6, 15)))
        .toList();
  }

  List<Path> folders() throws IOException {
    try (Stream<Path> found = Files.list(folder.resolve("checkpoints"))) {
      return found.sorted().toList();
    }
  }

  static NetworkState state(long seed) {
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
