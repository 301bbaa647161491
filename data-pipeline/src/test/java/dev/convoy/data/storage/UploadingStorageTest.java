package dev.convoy.data.storage;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

final class UploadingStorageTest extends StorageContract {
  @TempDir private Path temp;

  @Override
  Storage storage() throws IOException {
    return Storage.at("s3n://bucket" + temp.resolve("new folder"), new HadoopConf().get());
  }
}
