package dev.convoy.data.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convoy.data.BadDataException;
import dev.convoy.data.storage.Sha256;
import dev.convoy.data.storage.Storage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ShardReaderTest {
  @TempDir private Path folder;
  private List<Example> examples;
  private byte[] content;
  private ShardEntry entry;

  @BeforeEach
  void writeShard() throws IOException {
    examples = new ArrayList<>();
    Random random = new Random(1);
    for (int i = 0; i < 300; i++) {
      byte[] image = new byte[i == 7 ? 3_000_000 : random.nextInt(20_000)];
      random.nextBytes(image);
      examples.add(new Example("class ü/" + i + ".png", i % 5, image));
    }
    content = encode(examples);
    entry = entry(content, examples.size());
    Files.write(folder.resolve(entry.file()), content);
  }

  private static byte[] encode(List<Example> examples) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ShardWriter writer = new ShardWriter(bytes)) {
      for (Example example : examples) {
        writer.add(new ShardRow(example, "c", Sha256.hex(Sha256.of(example.bytes())), 10, 20, 3));
      }
    }
    return bytes.toByteArray();
  }

  private static ShardEntry entry(byte[] content, int examples) {
    return new ShardEntry(
        Split.TRAIN,
        "train-00000.parquet",
        examples,
        content.length,
        Sha256.hex(Sha256.of(content)));
  }

  private ShardReader reader() throws IOException {
    return new ShardReader(Storage.at(folder.toString(), new Configuration()));
  }

  @Test
  void readsWhatWasWritten() throws IOException {
    assertThat(reader().read(entry)).isEqualTo(examples);
  }

  @Test
  void writesTheSameBytesAgain() throws IOException {
    assertThat(encode(examples)).isEqualTo(content);
  }

  /** The hash codes of Parquet's enums, which once got into the footer, differ between JVMs. */
  @Test
  void writesTheSameBytesInEveryJvm() {
    assertThat(entry.sha256())
        .isEqualTo("c26ae11132d0fe5698513305689a9689853bd15117eaef6db0120d1af854b1dd");
  }

  @Test
  void costsLittleMoreThanItsImages() {
    long images = examples.stream().mapToLong(example -> example.bytes().length).sum();
    assertThat((long) content.length).isBetween(images, images + 300 * 200 + 10_000);
  }

  @Test
  void aDamagedShardIsNamed() throws IOException {
    byte[] damaged = content.clone();
    damaged[damaged.length / 2] ^= 1;
    Files.write(folder.resolve(entry.file()), damaged);
    assertThatThrownBy(() -> reader().read(entry))
        .isInstanceOf(BadDataException.class)
        .hasMessageContaining(folder.resolve(entry.file()).toString())
        .hasMessageContaining("expected " + entry.sha256())
        .hasMessageContaining("found " + Sha256.hex(Sha256.of(damaged)))
        .hasMessageContaining("ingest the images again");
  }

  @Test
  void aMissingOrShortenedShardIsNamed() throws IOException {
    Files.write(folder.resolve(entry.file()), new byte[0]);
    assertThatThrownBy(() -> reader().read(entry))
        .isInstanceOf(BadDataException.class)
        .hasMessageContaining("0 of " + content.length + " bytes");
    Files.delete(folder.resolve(entry.file()));
    assertThatThrownBy(() -> reader().read(entry))
        .isInstanceOf(BadDataException.class)
        .hasMessageContaining("is missing");
  }

  @Test
  void aFileThatIsNoShardIsRefusedEvenWithItsDigest() throws IOException {
    byte[] other = "PAR1 but nothing else PAR1".getBytes(java.nio.charset.StandardCharsets.UTF_8);
    Files.write(folder.resolve(entry.file()), other);
    ShardEntry wrong = entry(other, 1);
    assertThatThrownBy(() -> reader().read(wrong))
        .isInstanceOf(BadDataException.class)
        .hasMessageContaining("is not a shard");
  }

  @Test
  void anotherNumberOfExamplesIsRefused() throws IOException {
    ShardEntry wrong = entry(content, 299);
    assertThatThrownBy(() -> reader().read(wrong))
        .isInstanceOf(BadDataException.class)
        .hasMessageContaining("holds 300 examples, the manifest says 299");
  }
}
