package dev.convoy.data.ingest;

import dev.convoy.data.BadDataException;
import dev.convoy.data.CodeVersion;
import dev.convoy.data.InvalidRequestException;
import dev.convoy.data.dataset.DatasetManifest;
import dev.convoy.data.dataset.DatasetVersions;
import dev.convoy.data.dataset.IngestSettings;
import dev.convoy.data.dataset.ShardEntry;
import dev.convoy.data.storage.FolderListing;
import dev.convoy.data.storage.Storage;
import java.io.IOException;
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
   * @throws BadDataException if the images do not make a dataset or change meanwhile, or the driver
   *     does not see what executors wrote
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
    ClassTable named = ClassTable.of(found.ids(), found.layout(), rule);
    named.check(input.location(), found.layout());

    ScanResult scanned = new Scan(spark, input, options.maxRejectShare(), filesPerTask).run(found);
    Content content = Content.of(scanned, found.layout(), rule);
    content.classes().check(input.location(), found.layout());
    List<String> warnings = new ArrayList<>(found.warnings());
    warnings.addAll(content.classes().warningsOfLost(named));
    warnings.addAll(content.classes().warnings(rule));
    SplitOverlap.warning(scanned.images(), rule).ifPresent(warnings::add);
    IngestSettings settings =
        new IngestSettings(
            found.layout().word(), rule.validationShare(), rule.testShare(), options.shardBytes());

    VersionWriter writer = new VersionWriter(spark, input, output, content, settings);
    Optional<DatasetManifest> same =
        newest(output, warnings).filter(m -> isSame(m, content, settings));
    List<ShardEntry> lost = same.isPresent() ? writer.lost(same.get()) : List.of();
    IngestResult.Outcome outcome = IngestResult.Outcome.WRITTEN;
    DatasetManifest manifest;
    if (same.isPresent() && (lost.isEmpty() || writer.restore(same.get(), lost))) {
      manifest = same.get();
      outcome = lost.isEmpty() ? IngestResult.Outcome.UNCHANGED : IngestResult.Outcome.RESTORED;
    } else {
      if (same.isPresent()) {
        warnings.add(
            "Shards of version %s are lost, and %s writes them otherwise than %s did; a new version has this content"
                .formatted(same.get().version(), CodeVersion.current(), same.get().codeVersion()));
      }
      manifest = writer.write();
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

  private static boolean isSame(
      DatasetManifest manifest, Content content, IngestSettings settings) {
    return manifest.fingerprint().equals(content.fingerprint())
        && manifest.settings().equals(settings);
  }

  private static Optional<DatasetManifest> newest(Storage output, List<String> warnings)
      throws IOException {
    DatasetVersions versions = new DatasetVersions(output);
    List<String> committed = versions.committed();
    if (committed.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(versions.manifest(committed.get(committed.size() - 1)));
    } catch (BadDataException damaged) {
      warnings.add(
          "A new version is written, because the newest cannot be read: " + damaged.getMessage());
      return Optional.empty();
    }
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
