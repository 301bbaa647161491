package dev.convoy.trainer.imports;

import dev.convoy.data.storage.Storage;
import dev.convoy.models.InvalidModelException;
import dev.convoy.models.weights.LocalWeightFolder;
import dev.convoy.models.weights.WeightFolder;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * A folder of weight files in any file system. Object stores and HDFS have no links that could lead
 * out of it.
 *
 * @param folder the folder
 */
record StoreWeightFolder(Storage folder) implements WeightFolder {

  private static final String LOCAL = "file:";

  static WeightFolder at(Storage folder) {
    return folder.location().startsWith(LOCAL)
        ? new LocalWeightFolder(Path.of(folder.location().substring(LOCAL.length())))
        : new StoreWeightFolder(folder);
  }

  @Override
  public byte[] read(String name) throws IOException {
    try {
      return folder.read(name);
    } catch (NoSuchFileException e) {
      throw new InvalidModelException("there is no file " + name + " in " + folder, e);
    }
  }
}
