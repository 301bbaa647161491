package dev.convoy.trainer.export;

import dev.convoy.data.InvalidRequestException;
import dev.convoy.data.storage.Sha256;
import dev.convoy.data.storage.Storage;
import dev.convoy.models.ModelSpec;
import dev.convoy.models.export.ExportFormat;
import dev.convoy.models.export.ExportedFile;
import dev.convoy.models.state.NetworkState;
import dev.convoy.trainer.Json;
import dev.convoy.trainer.Layouts;
import dev.convoy.trainer.checkpoint.Checkpoint;
import dev.convoy.trainer.checkpoint.Checkpoints;
import dev.convoy.trainer.checkpoint.DamagedCheckpointException;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;

/** Writes a checkpoint's network as one file of another format, whole or not at all. */
public final class CheckpointExport {

  /** What becomes of a file that is there already. */
  public enum Existing {
    REFUSE,
    REPLACE
  }

  private final Storage folder;
  private final String name;
  private final Existing existing;

  private CheckpointExport(Storage folder, String name, Existing existing) {
    this.folder = folder;
    this.name = name;
    this.existing = existing;
  }

  /**
   * An export to a file, in any file system.
   *
   * @throws InvalidRequestException if nothing can be written there, or a file is there that is not
   *     to be replaced
   */
  public static CheckpointExport to(String output, Existing existing, Configuration hadoop)
      throws IOException {
    int slash = output.lastIndexOf('/');
    String name = output.substring(slash + 1);
    if (name.isBlank() || name.equals(".") || name.equals("..")) {
      throw new InvalidRequestException(
          "--output is '%s'; it has to be a file, such as resnet50.onnx or s3a://bucket/resnet50.onnx"
              .formatted(output));
    }
    String parent = slash < 0 ? "." : output.substring(0, Math.max(slash, 1));
    CheckpointExport export = new CheckpointExport(Storage.at(parent, hadoop), name, existing);
    export.requireFree();
    return export;
  }

  /**
   * Reads the checkpoint and writes the file.
   *
   * @param location a checkpoint's folder, or a run's directory for its newest checkpoint
   * @throws dev.convoy.models.InvalidModelException naming everything that the format cannot
   *     express
   */
  public ExportResult run(String location, ExportFormat format, Configuration hadoop)
      throws IOException, DamagedCheckpointException {
    Checkpoint checkpoint = Checkpoints.find(location, hadoop);
    ModelSpec model = checkpoint.record().trained().model();
    NetworkState state = checkpoint.state();
    ExportedFile file = format.export(checkpoint.record().trained().network(state.parameters()));
    requireFree();
    folder.write(name, file.content());
    return new ExportResult(
        folder.location(name),
        Json.name(format),
        file.content().length,
        Sha256.hex(Sha256.of(file.content())),
        checkpoint.location(),
        model.name(),
        model.arguments(),
        checkpoint.isAveraged()
            ? Layouts.of(model).sha256(state)
            : checkpoint.record().parametersSha256(),
        checkpoint.isAveraged(),
        file.details());
  }

  private void requireFree() throws IOException {
    if (folder.isFolder(name)) {
      throw new InvalidRequestException(
          "--output is %s, which is a folder; name a file in it".formatted(folder.location(name)));
    }
    if (existing == Existing.REFUSE && folder.isFile(name)) {
      throw new InvalidRequestException(
          "%s is there already; give another --output, or --overwrite to replace it"
              .formatted(folder.location(name)));
    }
  }
}
