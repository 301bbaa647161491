package dev.convoy.trainer.cli;

import dev.convoy.data.InvalidRequestException;
import dev.convoy.data.ingest.Ingest;
import dev.convoy.data.ingest.IngestOptions;
import dev.convoy.data.ingest.IngestResult;
import dev.convoy.data.ingest.Layout;
import dev.convoy.trainer.Json;
import dev.convoy.trainer.config.ByteSize;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code convoy ingest}. */
@Command(
    name = "ingest",
    description = "Turn a folder of images, one sub-folder a class, into a dataset.")
final class IngestCommand implements Callable<Integer> {

  @ParentCommand private Convoy convoy;
  @Mixin private SparkOptions sparkOptions;
  @Mixin private OutputOptions output;

  @Option(
      names = "--input",
      paramLabel = "DIR",
      required = true,
      description = "ROOT of ROOT/CLASS/.../*.jpg|jpeg|png, or of ROOT/train|val|test/CLASS/...")
  private String input;

  @Option(
      names = "--output",
      paramLabel = "DATASET",
      required = true,
      description = "The dataset's folder; an existing dataset gets a new version.")
  private String dataset;

  @Option(
      names = "--layout",
      paramLabel = "NAME",
      defaultValue = "auto",
      description =
          "classes, splits, or auto: splits if the folders are named so; default ${DEFAULT-VALUE}.")
  private Layout layout;

  @Option(
      names = "--validation-share",
      paramLabel = "SHARE",
      defaultValue = "0",
      description = "Share of the images drawn for validation; default ${DEFAULT-VALUE}.")
  private double validationShare;

  @Option(
      names = "--test-share",
      paramLabel = "SHARE",
      defaultValue = "0",
      description = "Share of the images drawn for the test; default ${DEFAULT-VALUE}.")
  private double testShare;

  @Option(
      names = "--max-reject-share",
      paramLabel = "SHARE",
      defaultValue = "0.01",
      description = "Largest share of unreadable images; default ${DEFAULT-VALUE}.")
  private double maxRejectShare;

  @Option(
      names = "--shard-bytes",
      paramLabel = "SIZE",
      defaultValue = "64MiB",
      description = "Most encoded images a shard; default ${DEFAULT-VALUE}.")
  private String shardBytes;

  @Override
  public Integer call() throws Exception {
    IngestOptions options =
        new IngestOptions(
            input, dataset, layout, validationShare, testShare, maxRejectShare, shardBytes());
    try (SparkSession session = sparkOptions.open("convoy ingest", 1)) {
      IngestResult result = new Ingest().run(session, options);
      result.warnings().forEach(convoy.console()::warn);
      output.say(
          convoy.console(),
          new Ingested(
              result.location(),
              result.manifest().version(),
              result.manifest().fingerprint(),
              Json.name(result.outcome()),
              result.listed(),
              result.rejects().size()),
          "%s: version %s (%s), %d images, %d rejected"
              .formatted(
                  result.location(),
                  result.manifest().version(),
                  Json.name(result.outcome()),
                  result.listed(),
                  result.rejects().size()));
    }
    return 0;
  }

  private long shardBytes() {
    try {
      return ByteSize.parse(shardBytes).bytes();
    } catch (IllegalArgumentException e) {
      throw new InvalidRequestException("--shard-bytes: " + e.getMessage(), e);
    }
  }

  private record Ingested(
      String dataset,
      String version,
      String fingerprint,
      String outcome,
      long listed,
      int rejected) {}
}
