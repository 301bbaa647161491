package dev.convoy.trainer.checkpoint;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.convoy.data.storage.Sha256;
import dev.convoy.data.storage.Storage;
import dev.convoy.models.InvalidModelException;
import dev.convoy.models.export.ModelDescription;
import dev.convoy.models.safetensors.SafetensorsFile;
import dev.convoy.models.state.NamedTensor;
import dev.convoy.models.state.NetworkState;
import dev.convoy.models.state.ParameterLayout;
import dev.convoy.models.weights.NetworkDescription;
import dev.convoy.trainer.Json;
import dev.convoy.trainer.Layouts;
import dev.convoy.trainer.SealedJson;
import dev.convoy.trainer.averaging.EmaState;
import dev.convoy.trainer.averaging.OuterState;
import dev.convoy.trainer.averaging.TrainingState;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.Map;
import java.util.TreeMap;

/**
 * The files of one checkpoint's folder: tensors first, {@code checkpoint.json} last. A folder
 * without it is no checkpoint.
 */
final class CheckpointFiles {

  static final String RECORD = "checkpoint.json";
  static final String MODEL = "model.safetensors";

  /** Only where it is not 0 everywhere. */
  static final String MOMENTUM = "momentum.safetensors";

  /** Only where the strategy has an outer momentum. */
  static final String OUTER_MOMENTUM = "outer_momentum.safetensors";

  /** Only where the run keeps a moving average of the weights. */
  static final String EMA = "ema.safetensors";

  private CheckpointFiles() {}

  static Map<String, byte[]> tensors(
      ParameterLayout layout, TrainingState state, CheckpointRecord.Trained trained) {
    Map<String, byte[]> files = new TreeMap<>();
    files.put(MODEL, network(layout, state.network().parameters(), trained));
    if (!state.network().isAtRest()) {
      files.put(MOMENTUM, other("momentum", layout, state.network().momentum()));
    }
    if (!state.outer().isEmpty()) {
      files.put(OUTER_MOMENTUM, other("outer momentum", layout, state.outer().momentum()));
    }
    if (!state.ema().isEmpty()) {
      files.put(EMA, network(layout, state.ema().parameters(), trained));
    }
    return files;
  }

  /** As an export is: by itself it says all that the network needs. */
  private static byte[] network(
      ParameterLayout layout, float[] flat, CheckpointRecord.Trained trained) {
    return write(layout, flat, ModelDescription.of(trained.network(flat)));
  }

  private static byte[] other(String content, ParameterLayout layout, float[] flat) {
    return write(layout, flat, Map.of(NetworkDescription.OTHER_CONTENT, content));
  }

  private static byte[] write(
      ParameterLayout layout, float[] flat, Map<String, String> description) {
    Map<String, String> metadata = new TreeMap<>(description);
    metadata.put("format", "pt");
    return SafetensorsFile.write(layout.tensors(flat), metadata);
  }

  static byte[] record(CheckpointRecord record) {
    return SealedJson.write(record);
  }

  static Checkpoint read(Storage folder, String name)
      throws IOException, DamagedCheckpointException {
    CheckpointRecord record = readRecord(folder);
    try {
      Map<String, NamedTensor> model = tensorFile(folder, record, MODEL);
      ParameterLayout layout = Layouts.of(record.trained().model());
      NetworkState state =
          record.files().containsKey(MOMENTUM)
              ? new NetworkState(
                  layout.flat(model), layout.flat(tensorFile(folder, record, MOMENTUM)))
              : NetworkState.atRest(layout.flat(model));
      String digest = layout.sha256(state);
      if (!digest.equals(record.parametersSha256())) {
        throw new DamagedCheckpointException(
            folder.location(),
            "its parameters have the digest %s, its record says %s"
                .formatted(digest, record.parametersSha256()),
            null);
      }
      OuterState outer =
          record.files().containsKey(OUTER_MOMENTUM)
              ? new OuterState(layout.flat(tensorFile(folder, record, OUTER_MOMENTUM)))
              : OuterState.NONE;
      EmaState ema =
          record.files().containsKey(EMA)
              ? new EmaState(layout.flat(tensorFile(folder, record, EMA)))
              : EmaState.NONE;
      return new Checkpoint(name, folder.location(), record, new TrainingState(state, outer, ema));
    } catch (InvalidModelException e) {
      throw new DamagedCheckpointException(folder.location(), e.getMessage(), e);
    }
  }

  static CheckpointRecord readRecord(Storage folder)
      throws IOException, DamagedCheckpointException {
    byte[] json;
    try {
      json = folder.read(RECORD);
    } catch (NoSuchFileException | FileNotFoundException e) { // S3A's, deleted while it is read
      throw new DamagedCheckpointException(
          folder.location(), "it has no " + RECORD + ", so it was never committed", e);
    }
    try {
      ObjectNode tree = SealedJson.tree(json);
      int format = tree.path("format").asInt(CheckpointRecord.FORMAT);
      if (format != CheckpointRecord.FORMAT) {
        throw new DamagedCheckpointException(
            folder.location(),
            "%s has format %d; this version reads format %d"
                .formatted(RECORD, format, CheckpointRecord.FORMAT),
            null);
      }
      return SealedJson.open(tree, CheckpointRecord.class);
    } catch (IOException e) {
      throw new DamagedCheckpointException(
          folder.location(), RECORD + " is not a record: " + Json.firstLine(e), e);
    }
  }

  private static Map<String, NamedTensor> tensorFile(
      Storage folder, CheckpointRecord record, String file)
      throws IOException, DamagedCheckpointException {
    CheckpointRecord.FileDigest expected = record.files().get(file);
    if (expected == null) {
      throw new DamagedCheckpointException(
          folder.location(), "its record does not name " + file, null);
    }
    byte[] bytes;
    try {
      bytes = folder.read(file);
    } catch (NoSuchFileException | FileNotFoundException e) { // S3A's, deleted while it is read
      throw new DamagedCheckpointException(folder.location(), file + " is missing", e);
    }
    String found = Sha256.hex(Sha256.of(bytes));
    if (bytes.length != expected.bytes() || !found.equals(expected.sha256())) {
      throw new DamagedCheckpointException(
          folder.location(),
          "%s has %d bytes with SHA-256 %s; its record says %d bytes with %s"
              .formatted(file, bytes.length, found, expected.bytes(), expected.sha256()),
          null);
    }
    return SafetensorsFile.read(bytes).tensors();
  }
}
