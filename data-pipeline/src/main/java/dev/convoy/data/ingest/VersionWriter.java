package dev.convoy.data.ingest;

import dev.convoy.data.BadDataException;
import dev.convoy.data.CodeVersion;
import dev.convoy.data.dataset.DatasetManifest;
import dev.convoy.data.dataset.DatasetVersions;
import dev.convoy.data.dataset.ImageStatistics;
import dev.convoy.data.dataset.IngestSettings;
import dev.convoy.data.dataset.ManifestJson;
import dev.convoy.data.dataset.ShardEntry;
import dev.convoy.data.storage.Storage;
import dev.convoy.data.storage.StoredFile;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.api.java.JavaSparkContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes a version of a dataset, or those shards of one that were lost, as a Spark job. */
final class VersionWriter {
  private static final Logger LOG = LoggerFactory.getLogger(VersionWriter.class);

  private final JavaSparkContext spark;
  private final Storage input;
  private final Storage output;
  private final Content content;
  private final IngestSettings settings;

  /** Writes {@code content} of {@code input} into the dataset {@code output}. */
  VersionWriter(
      JavaSparkContext spark,
      Storage input,
      Storage output,
      Content content,
      IngestSettings settings) {
    this.spark = spark;
    this.input = input;
    this.output = output;
    this.content = content;
    this.settings = settings;
  }

  /**
   * Writes a new version; its manifest comes last and commits it.
   *
   * @throws BadDataException if the images changed meanwhile, another ingest took the version, or
   *     the driver does not see what executors wrote
   */
  DatasetManifest write() throws IOException {
    VersionClaim.deleteAbandoned(output, Instant.now());
    VersionClaim claim = VersionClaim.take(output, content.fingerprint());
    boolean committed = false;
    try {
      Storage folder = output.folder(claim.path());
      claim.check();
      List<ShardEntry> shards = writeShards(folder, planned(), Map.of());
      requireThere(claim.path(), shards, "Nothing was committed");
      folder.write(DatasetVersions.REJECTS, RejectsCsv.write(content.scanned().rejects()));
      folder.deleteUnfinished("");
      DatasetManifest manifest =
          new DatasetManifest(
              DatasetManifest.FORMAT_VERSION,
              claim.version(),
              content.fingerprint(),
              content.classes().classes(),
              content.classes().counts(),
              shards,
              settings,
              statistics(content.scanned().images()),
              input.location(),
              content.scanned().rejects().size(),
              Instant.now().truncatedTo(ChronoUnit.SECONDS),
              CodeVersion.current().toString());
      claim.check();
      folder.write(DatasetVersions.MANIFEST, ManifestJson.write(manifest));
      committed = true;
      claim.release();
      LOG.info("Committed version {} of {}", manifest.version(), output);
      return manifest;
    } finally {
      if (!committed) {
        claim.abandon();
      }
    }
  }

  /** The shards of a committed version that are not there, or not as long as they were. */
  List<ShardEntry> lost(DatasetManifest manifest) throws IOException {
    return lost(DatasetVersions.path(manifest.version()), manifest.shards());
  }

  private List<ShardEntry> lost(String path, List<ShardEntry> shards) throws IOException {
    Map<String, Long> there =
        output.listing(path).files().stream()
            .collect(Collectors.toMap(StoredFile::name, StoredFile::length));
    return shards.stream()
        .filter(shard -> there.getOrDefault(shard.file(), -1L) != shard.bytes())
        .toList();
  }

  /**
   * Writes lost shards of a committed version of this content again.
   *
   * @return whether they came out as the same bytes; others are not written
   * @throws BadDataException if the driver does not see what executors wrote
   */
  boolean restore(DatasetManifest manifest, List<ShardEntry> lost) throws IOException {
    Map<String, ShardEntry> expected = new HashMap<>();
    lost.forEach(shard -> expected.put(shard.file(), shard));
    List<PlannedShard> planned =
        planned().stream().filter(shard -> expected.containsKey(shard.file())).toList();
    String path = DatasetVersions.path(manifest.version());
    List<ShardEntry> written = writeShards(output.folder(path), planned, expected);
    requireThere(path, written, "Version " + manifest.version() + " was not restored");
    return written.size() == lost.size();
  }

  /** An executor may write to a disk of its own, under the same path, and none but it see that. */
  private void requireThere(String path, List<ShardEntry> written, String outcome)
      throws IOException {
    List<ShardEntry> lost = lost(path, written);
    if (!lost.isEmpty()) {
      throw new BadDataException(
          "%d of %d shards are not where the driver looks for them (%s): executors wrote on disks of their own, unless somebody deletes files there; give an output on s3a:, hdfs:, or a folder that is mounted on all machines. %s"
              .formatted(lost.size(), written.size(), output.location(path), outcome));
    }
  }

  private List<PlannedShard> planned() {
    return ShardLayout.cut(content.scanned().images(), content.rule(), settings.shardBytes());
  }

  /** Shards that came out otherwise than expected are not written and not among them. */
  private List<ShardEntry> writeShards(
      Storage folder, List<PlannedShard> planned, Map<String, ShardEntry> expected) {
    List<byte[]> tasks = planned.stream().map(Parcel::pack).toList();
    List<byte[]> outcomes =
        spark
            .parallelize(new ArrayList<>(tasks), tasks.size())
            .map(
                new ShardTask(
                    input, folder, content.layout(), content.classes().classes(), expected))
            .collect();
    List<ShardEntry> shards = new ArrayList<>();
    List<String> changed = new ArrayList<>();
    for (byte[] packed : outcomes) {
      ShardOutcome outcome = Parcel.unpack(packed, ShardOutcome.class);
      if (outcome instanceof ShardOutcome.Written written) {
        shards.add(written.entry());
      } else if (outcome instanceof ShardOutcome.SourceChanged change) {
        changed.add(change.id());
      }
    }
    if (!changed.isEmpty()) {
      throw new BadDataException(
          "Files of "
              + input
              + " changed while they were ingested: "
              + String.join(", ", changed)
              + "; run it again when nobody writes there. No version was written");
    }
    return shards;
  }

  private static ImageStatistics statistics(List<ScannedImage> images) {
    return new ImageStatistics(
        images.stream().mapToInt(ScannedImage::width).min().orElseThrow(),
        images.stream().mapToInt(ScannedImage::width).max().orElseThrow(),
        images.stream().mapToInt(ScannedImage::height).min().orElseThrow(),
        images.stream().mapToInt(ScannedImage::height).max().orElseThrow(),
        images.stream().filter(image -> image.channels() == 1).count(),
        images.stream().filter(image -> image.channels() == 3).count(),
        images.stream().mapToLong(ScannedImage::length).sum());
  }
}
