package dev.convoy.data.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convoy.data.InvalidRequestException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LocalStorageTest extends StorageContract {
  @TempDir private Path temp;

  @Override
  Storage storage() throws IOException {
    return Storage.at(temp.resolve("new folder").toString(), new Configuration());
  }

  @Test
  void ofManyAtOnceOneCreates() throws Exception {
    assertThat(winners(storage(), 16)).isEqualTo(1);
  }

  @Test
  void writesNoSideFiles() throws IOException {
    storage().write("file", bytes("1"));
    try (Stream<Path> files = Files.list(temp.resolve("new folder"))) {
      assertThat(files).extracting(path -> path.getFileName().toString()).containsExactly("file");
    }
  }

  @Test
  void errorsHoldThePath() throws IOException {
    Files.write(temp.resolve("file"), new byte[1]);
    Storage below = Storage.at(temp.resolve("file").toString(), new Configuration());
    assertThatThrownBy(() -> below.write("x", bytes("1")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(temp.resolve("file").toString());
  }

  @Test
  void aFullDiskIsNamed() throws IOException {
    Path full = Path.of("/dev/full");
    org.junit.jupiter.api.Assumptions.assumeTrue(Files.exists(full));
    Files.createSymbolicLink(temp.resolve("log"), full);
    Storage storage = Storage.at(temp.toString(), new Configuration());
    assertThatThrownBy(() -> storage.append("log", bytes("1")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(temp.resolve("log").toString())
        .hasMessageContaining("No space left");
  }

  @Test
  void locationsAreAbsoluteAndComeBack() throws IOException {
    Configuration conf = new Configuration();
    Storage storage = Storage.at("some/relative:odd %41#folder", conf);
    assertThat(storage.location()).startsWith("file:/").endsWith("relative:odd %41#folder");
    assertThat(Storage.at(storage.location(), conf).location()).isEqualTo(storage.location());
  }

  @Test
  void whatIsNoLocationIsRefused() {
    Configuration conf = new Configuration();
    assertThatThrownBy(() -> Storage.at("  ", conf)).isInstanceOf(InvalidRequestException.class);
    assertThatThrownBy(() -> Storage.at("nosuch://x/y", conf))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("nosuch://x/y");
  }
}
