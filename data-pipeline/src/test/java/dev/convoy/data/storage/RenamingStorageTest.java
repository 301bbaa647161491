package dev.convoy.data.storage;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

final class RenamingStorageTest extends StorageContract {
  @TempDir private Path temp;

  @Override
  Storage storage() throws IOException {
    return Storage.at("renaming://" + temp.resolve("new folder"), new HadoopConf().get());
  }
}
