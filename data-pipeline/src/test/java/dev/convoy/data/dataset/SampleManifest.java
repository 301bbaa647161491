package dev.convoy.data.dataset;

import dev.convoy.data.storage.Sha256;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** A small manifest. */
final class SampleManifest {
  static final String FINGERPRINT = Sha256.hex(Sha256.of("sample"));

  private SampleManifest() {}

  static DatasetManifest of(int number, List<ShardEntry> shards) {
    long examples = shards.stream().mapToLong(ShardEntry::examples).sum();
    return new DatasetManifest(
        DatasetManifest.FORMAT_VERSION,
        VersionName.of(number, FINGERPRINT),
        FINGERPRINT,
        List.of("katze ü", "dog"),
        Map.of(
            Split.TRAIN, List.of(examples, 0L),
            Split.VALIDATION, List.of(0L, 0L),
            Split.TEST, List.of(0L, 0L)),
        shards,
        new IngestSettings("classes", 0.1, 1e-7, 1 << 20),
        new ImageStatistics(1, 2, 3, 4, 5, 6, 7),
        "file:/images",
        3,
        Instant.parse("2026-01-02T03:04:05Z"),
        "0.1");
  }

  static ShardEntry shard(int index, int examples) {
    return new ShardEntry(
        Split.TRAIN, ShardEntry.fileName(Split.TRAIN, index), examples, 10, FINGERPRINT);
  }
}
