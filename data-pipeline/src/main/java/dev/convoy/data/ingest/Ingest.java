package dev.convoy.data.ingest;

import dev.convoy.data.BadDataException;
import dev.convoy.data.CodeVersion;
import dev.convoy.data.InvalidRequestException;
import dev.convoy.data.dataset.DatasetManifest;
import dev.convoy.data.dataset.DatasetVersions;
import dev.convoy.data.dataset.Fingerprint;
import dev.convoy.data.dataset.ImageStatistics;
import dev.convoy.data.dataset.IngestSettings;
import dev.convoy.data.dataset.ManifestJson;
import dev.convoy.data.dataset.ShardEntry;
import dev.convoy.data.storage.FolderListing;
import dev.convoy.data.storage.Storage;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns a folder of images into a version of a dataset, as a Spark job of two passes: the first
 * reads, decodes and digests every file, the second writes the shards. The manifest is written last
 * and commits the version.
 *
 * <p>The driver holds about 600 bytes per example at the peak (estimated); a task of the first pass
 * one image, one of the second about one shard.
 */
public final class Ingest {
  private static final Logger LOG = LoggerFactory.getLogger(Ingest.class);
  private static final int FILES_PER_TASK = 256;

  private final int filesPerTask;

  public Ingest() {
    this(FILES_PER_TASK);
  }

  Ingest(int filesPerTask) {
    this.filesPerTask = filesPerTask;
  }

  /**
   * Ingests.
   *
   * @throws InvalidRequestException if input or output cannot be what they should be
   * @throws BadDataException if the images do not make a dataset, or change meanwhile
   * @throws IOException if a file system fails
   */
  public IngestResult run(SparkSession session, IngestOptions options) throws IOException {
    JavaSparkContext spark = JavaSparkContext.fromSparkContext(session.sparkContext());
    Configuration hadoop = session.sessionState().newHadoopConf();
    Storage input = Storage.at(options.input(), hadoop);
    Storage output = Storage.at(options.output(), hadoop);
    checkOutput(input, output);

    SourceTree.Found found = SourceTree.walk(input, options.layout());
    LOG.info("Found {} image files in {}", found.ids().size(), input);
    SplitRule rule = new SplitRule(found.layout(), options.validationShare(), options.testShare());
    ClassTable.of(found.ids(), found.layout(), rule).check(input.location(), found.layout());

    ScanResult scanned = new Scan(spark, input, options.maxRejectShare(), filesPerTask).run(found);
    Content content = Content.of(scanned, found.layout(), rule);
    content.classes().check(input.location(), found.layout());
    List<String> warnings = new ArrayList<>(found.warnings());
    warnings.addAll(content.classes().warnings(rule));
    warnings.forEach(LOG::warn);
    IngestSettings settings =
        new IngestSettings(
            found.layout().word(), rule.validationShare(), rule.testShare(), options.shardBytes());

    Optional<DatasetManifest> same = newest(output).filter(m -> isSame(m, content, settings));
    IngestResult.Outcome outcome =
        same.isPresent() ? IngestResult.Outcome.UNCHANGED : IngestResult.Outcome.WRITTEN;
    DatasetManifest manifest;
    if (same.isPresent()) {
      manifest = same.get();
      LOG.info("{} holds this content with these settings already", manifest.version());
    } else {
      manifest = write(spark, input, output, content, settings);
      LOG.info("Committed version {} of {}", manifest.version(), output);
    }
    return new IngestResult(
        outcome,
        output.location(),
        manifest,
        found.ids().size() + found.rejects().size(),
        scanned.rejects(),
        found.hidden(),
        found.others(),
        warnings);
  }

  /** What the first pass found, put together. */
  private record Content(
      ScanResult scanned,
      TreeLayout layout,
      SplitRule rule,
      ClassTable classes,
      String fingerprint) {
    static Content of(ScanResult scanned, TreeLayout layout, SplitRule rule) {
      List<String> ids = scanned.images().stream().map(ScannedImage::id).toList();
      Fingerprint fingerprint = new Fingerprint();
      for (ScannedImage image : scanned.images()) {
        fingerprint.add(image.id(), layout.className(image.id()), image.sha256());
      }
      return new Content(
          scanned, layout, rule, ClassTable.of(ids, layout, rule), fingerprint.hex());
    }
  }

  private static boolean isSame(
      DatasetManifest manifest, Content content, IngestSettings settings) {
    return manifest.fingerprint().equals(content.fingerprint())
        && manifest.settings().equals(settings);
  }

  private static Optional<DatasetManifest> newest(Storage output) throws IOException {
    DatasetVersions versions = new DatasetVersions(output);
    List<String> committed = versions.committed();
    return committed.isEmpty()
        ? Optional.empty()
        : Optional.of(versions.manifest(committed.get(committed.size() - 1)));
  }

  private static DatasetManifest write(
      JavaSparkContext spark,
      Storage input,
      Storage output,
      Content content,
      IngestSettings settings)
      throws IOException {
    VersionClaim.deleteAbandoned(output, Instant.now());
    VersionClaim claim = VersionClaim.take(output, content.fingerprint());
    boolean committed = false;
    try {
      Storage folder = output.folder(claim.path());
      claim.check();
      List<ShardEntry> shards = writeShards(spark, input, folder, content, settings);
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
      return manifest;
    } finally {
      if (!committed) {
        claim.abandon();
      }
    }
  }

  private static List<ShardEntry> writeShards(
      JavaSparkContext spark,
      Storage input,
      Storage folder,
      Content content,
      IngestSettings settings) {
    List<byte[]> tasks =
        ShardLayout.cut(content.scanned().images(), content.rule(), settings.shardBytes()).stream()
            .map(Parcel::pack)
            .toList();
    List<byte[]> outcomes =
        spark
            .parallelize(new ArrayList<>(tasks), tasks.size())
            .map(new ShardTask(input, folder, content.layout(), content.classes().classes()))
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

  private static void checkOutput(Storage input, Storage output) throws IOException {
    if (isWithin(output.location(), input.location())) {
      throw new InvalidRequestException(
          "The output "
              + output
              + " lies in the input "
              + input
              + "; choose a folder outside, or its files would be ingested next time");
    }
    if (isWithin(input.location(), output.location())) {
      throw new InvalidRequestException(
          "The input " + input + " lies in the output " + output + "; choose another output");
    }
    if (output.isFile("")) {
      throw new InvalidRequestException(
          "The output " + output + " is a file; give a new folder, or one with a dataset");
    }
    FolderListing there = output.listing("");
    if (!there.isEmpty() && !there.folders().contains(DatasetVersions.FOLDER)) {
      throw new InvalidRequestException(
          "The output "
              + output
              + " exists and is not a dataset (it has no folder "
              + DatasetVersions.FOLDER
              + "); give a new or empty folder, or one with a dataset");
    }
  }

  private static boolean isWithin(String inner, String outer) {
    String folder = outer.endsWith("/") ? outer : outer + "/";
    return (inner.endsWith("/") ? inner : inner + "/").startsWith(folder);
  }
}
