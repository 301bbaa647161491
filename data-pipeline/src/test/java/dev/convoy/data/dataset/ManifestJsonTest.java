package dev.convoy.data.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convoy.data.BadDataException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ManifestJsonTest {
  private final DatasetManifest manifest =
      SampleManifest.of(7, List.of(SampleManifest.shard(0, 5), SampleManifest.shard(1, 2)));

  @Test
  void comesBackTheSame() {
    assertThat(ManifestJson.read(ManifestJson.write(manifest), "here")).isEqualTo(manifest);
    assertThat(manifest.examples(Split.TRAIN)).isEqualTo(7);
    assertThat(manifest.bytes(Split.TRAIN)).isEqualTo(20);
    assertThat(manifest.shards(Split.TEST)).isEmpty();
  }

  @Test
  void isSnakeCaseWithLowerCaseSplits() {
    assertThat(text())
        .contains("\"format_version\" : 1", "\"shard_bytes\" : 1048576", "\"split\" : \"train\"")
        .contains("\"created\" : \"2026-01-02T03:04:05Z\"", "\"validation\" : [", "katze ü");
  }

  @Test
  void anyChangedDigitOrLetterIsSeen() {
    byte[] good = ManifestJson.write(manifest);
    int changed = 0;
    for (int i = 0; i < good.length; i++) {
      if (Character.isLetterOrDigit(good[i])) {
        byte[] bad = good.clone();
        bad[i] = (byte) (good[i] == '1' ? '2' : '1');
        assertThatThrownBy(() -> ManifestJson.read(bad, "here"))
            .as("byte %d", i)
            .isInstanceOf(BadDataException.class)
            .hasMessageContaining("here");
        changed++;
      }
    }
    assertThat(changed).isGreaterThan(500);
  }

  @Test
  void anyTruncationIsSeen() {
    byte[] good = ManifestJson.write(manifest);
    for (int length = 0; length < good.length - 2; length += 13) {
      byte[] bad = Arrays.copyOf(good, length);
      assertThatThrownBy(() -> ManifestJson.read(bad, "here")).isInstanceOf(BadDataException.class);
    }
  }

  @Test
  void layoutOfTheTextDoesNotMatter() {
    byte[] reformatted = text().replace("\n", "\r\n ").getBytes(StandardCharsets.UTF_8);
    assertThat(ManifestJson.read(reformatted, "here")).isEqualTo(manifest);
  }

  @Test
  void aNewerFormatSaysSo() {
    byte[] newer =
        text()
            .replace("\"format_version\" : 1", "\"format_version\" : 2")
            .getBytes(StandardCharsets.UTF_8);
    assertThatThrownBy(() -> ManifestJson.read(newer, "here"))
        .isInstanceOf(BadDataException.class)
        .hasMessageContaining("newer Convoy");
  }

  @Test
  void contradictionsAreRefused() {
    ShardEntry twice = SampleManifest.shard(0, 1);
    assertThatThrownBy(() -> SampleManifest.of(1, List.of(twice, twice)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("listed twice");
    assertThatThrownBy(
            () ->
                new ShardEntry(
                    Split.TEST, "../test-00000.parquet", 1, 1, SampleManifest.FINGERPRINT))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private String text() {
    return new String(ManifestJson.write(manifest), StandardCharsets.UTF_8);
  }
}
