package dev.convoy.data.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convoy.data.BadDataException;
import dev.convoy.data.InvalidRequestException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DatasetTest {
  @TempDir private Path folder;

  private Path commit(int number) throws IOException {
    DatasetManifest manifest = SampleManifest.of(number, List.of(SampleManifest.shard(0, 5)));
    Path version = Files.createDirectories(folder.resolve("versions/" + manifest.version()));
    return Files.write(version.resolve("manifest.json"), ManifestJson.write(manifest));
  }

  private Dataset open() throws IOException {
    return Dataset.open(folder.toString(), new Configuration());
  }

  @Test
  void opensTheNewestByNumber() throws IOException {
    commit(2);
    commit(100_000);
    commit(99_999);
    assertThat(open().manifest().version()).startsWith("100000-");
    assertThat(open().versions()).hasSize(3).first().asString().startsWith("00002-");
  }

  @Test
  void opensOneVersionByNameOrNumber() throws IOException {
    commit(1);
    commit(2);
    String name = VersionName.of(1, SampleManifest.FINGERPRINT);
    for (String version : List.of(name, "1", "00001")) {
      assertThat(Dataset.open(folder.toString(), version, new Configuration()).manifest().version())
          .isEqualTo(name);
    }
    assertThatThrownBy(() -> Dataset.open(folder.toString(), "3", new Configuration()))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("no version 3")
        .hasMessageContaining(name);
  }

  @Test
  void saysWhatIsThereInstead() throws IOException {
    assertThatThrownBy(this::open)
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("is not a dataset");
    String missing = folder.resolve("missing").toString();
    assertThatThrownBy(() -> Dataset.open(missing, new Configuration()))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("nothing at")
        .hasMessageContaining(missing)
        .hasMessageContaining("ingest");
    Files.createDirectories(folder.resolve("versions/00001-0123456789ab"));
    assertThatThrownBy(this::open)
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("no complete version");
  }

  @Test
  void aDamagedManifestIsNotPassedOver() throws IOException {
    commit(1);
    Path newest = commit(2);
    Files.write(newest, new byte[] {'{', '}'});
    assertThatThrownBy(this::open)
        .isInstanceOf(BadDataException.class)
        .hasMessageContaining(newest.toString());
  }

  @Test
  void aRenamedVersionIsRefused() throws IOException {
    Path version = commit(1).getParent();
    Files.move(version, version.resolveSibling("00009-0123456789ab"));
    assertThatThrownBy(this::open)
        .isInstanceOf(BadDataException.class)
        .hasMessageContaining("must keep its name");
  }
}
