package dev.convoy.trainer.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convoy.data.BadDataException;
import dev.convoy.data.InvalidRequestException;
import dev.convoy.data.storage.Storage;
import dev.convoy.models.training.ComputeProfile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a run directory says of its run. */
final class RunDirectoryTest {

  private static final RunRecord RECORD =
      new RunRecord(
          RunRecord.FORMAT,
          Instant.parse("2026-03-01T12:00:00.123456789Z"),
          "dataset: a\nrun: \"é\"\n",
          "e".repeat(64),
          "00001-0123456789ab",
          "f".repeat(64),
          "a".repeat(64),
          new ComputeProfile("oneDNN", "cpu", "float32", 1, "a processor"),
          new SoftwareVersions("1 (abc)", "17", "3.5", "1.0"));

  @TempDir private Path folder;
  private RunDirectory directory;

  @BeforeEach
  void open() throws IOException {
    directory = new RunDirectory(Storage.at(folder + "/run", new Configuration()));
  }

  @Test
  void recordComesBack() throws IOException {
    assertThat(directory.record()).isEmpty();
    directory.start(RECORD);
    assertThat(directory.record()).contains(RECORD);
    assertThat(folder.resolve("run")).isDirectoryContaining(f -> f.endsWith("run.json"));
  }

  @Test
  void secondStartIsRefusedAndChangesNothing() throws IOException {
    directory.start(RECORD);
    assertThatThrownBy(() -> directory.start(RECORD))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("already holds a run; resume it");
    assertThat(directory.record()).contains(RECORD);
  }

  @Test
  void damageIsNoticed() throws IOException {
    directory.start(RECORD);
    Path file = folder.resolve("run/run.json");
    byte[] whole = Files.readAllBytes(file);
    Random random = new Random(5);
    for (int i = 0; i < 100; i++) {
      int at = random.nextInt(whole.length);
      if (!Character.isWhitespace(whole[at]) && !inFormat(whole, at)) {
        byte[] damaged = whole.clone();
        damaged[at] ^= (byte) (1 << random.nextInt(8));
        Files.write(file, damaged);
        assertDamaged();
      }
    }
    for (int length : new int[] {0, 1, whole.length / 2, whole.length - 2}) {
      Files.write(file, Arrays.copyOf(whole, length));
      assertDamaged();
    }
  }

  @Test
  void resultAndReportAreWhereTheySay() throws IOException {
    directory.writeResult(Map.of("top1", 0.5));
    String report = directory.writeReport("<p>é</p>");
    assertThat(folder.resolve("run/result.json")).content().contains("\"top1\" : 0.5");
    assertThat(report).isEqualTo(directory.reportLocation()).endsWith("/run/report.html");
    assertThat(folder.resolve("run/report.html")).hasContent("<p>é</p>");
  }

  /** A changed format is said as another format. */
  private static boolean inFormat(byte[] json, int at) {
    String text = new String(json, java.nio.charset.StandardCharsets.ISO_8859_1);
    return at < text.indexOf("created") - 1;
  }

  private void assertDamaged() {
    assertThatThrownBy(directory::record)
        .isInstanceOf(BadDataException.class)
        .hasMessageContaining("/run/run.json is damaged")
        .hasMessageContaining("its checkpoints can be evaluated");
  }
}
