package dev.convoy.trainer.cli;

import dev.convoy.data.InvalidRequestException;
import dev.convoy.data.storage.Storage;
import dev.convoy.models.Architecture;
import dev.convoy.models.InputShape;
import dev.convoy.models.ModelRegistry;
import dev.convoy.models.ModelSpec;
import dev.convoy.trainer.Layouts;
import dev.convoy.trainer.benchmark.AveragedRounds;
import dev.convoy.trainer.benchmark.ConvoyRounds;
import dev.convoy.trainer.benchmark.MeasuringLimits;
import dev.convoy.trainer.benchmark.RoundBenchmark;
import dev.convoy.trainer.benchmark.RoundComparison;
import dev.convoy.trainer.benchmark.RoundProbe;
import dev.convoy.trainer.benchmark.RoundResults;
import dev.convoy.trainer.benchmark.peer.AveragingMasterRounds;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code convoy bench round}. */
@Command(
    name = "round",
    description =
        "Rounds of averaging on a cluster, on noise: wall time, overhead beside the steps, bytes.")
final class BenchRoundCommand implements Callable<Integer> {

  private static final int WARM_UPS = 2;
  private static final int CHEAP_BATCH = 2;
  private static final int SMALL_SIDE = 64;
  private static final int USUAL_BATCH = 16;

  @ParentCommand private BenchCommand bench;
  @Mixin private SparkOptions sparkOptions;
  @Mixin private OutputOptions output;

  @Option(names = "--model", required = true, paramLabel = "NAME", description = "A network.")
  private String model;

  @Option(
      names = "--workers",
      split = ",",
      paramLabel = "W",
      defaultValue = "2,4,8,16",
      description = "Logical workers, a case each; default: ${DEFAULT-VALUE}.")
  private List<Integer> workers = new ArrayList<>();

  @Option(
      names = "--steps",
      paramLabel = "TAU",
      defaultValue = "5",
      description = "Steps of a round; default: ${DEFAULT-VALUE}.")
  private int steps;

  @Option(
      names = "--batch",
      paramLabel = "N",
      description = "Examples a worker and step; default: 16, or 2 with --cheap-steps.")
  private Integer batch;

  @Option(
      names = "--wire",
      paramLabel = "FORM",
      defaultValue = ConvoyRounds.FLOAT32,
      description = "As the key sync.wire of a configuration; default: ${DEFAULT-VALUE}.")
  private String wire;

  @Option(
      names = "--implementation",
      split = ",",
      paramLabel = "NAME",
      defaultValue = ConvoyRounds.NAME + "," + AveragingMasterRounds.NAME,
      description =
          "convoy, or dl4j-spark's ParameterAveragingTrainingMaster; default: ${DEFAULT-VALUE}.")
  private List<String> implementations = new ArrayList<>();

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "5",
      description = {
        "Rounds that count, after a warm-up of 2, or of as many as 16 workers' tasks take; default:"
            + " ${DEFAULT-VALUE}."
      })
  private int rounds;

  @Option(
      names = "--seconds",
      paramLabel = "S",
      defaultValue = "120",
      description = "After which no further round of a case begins; default: ${DEFAULT-VALUE}.")
  private int seconds;

  @Option(
      names = "--cheap-steps",
      description = "Images of at most 64 pixels where the network keeps its usual parameters so.")
  private boolean cheapSteps;

  @Option(
      names = "--work",
      paramLabel = "DIR",
      description = {
        "A folder that all executors reach, for dataset and runs, which go again; default: a"
            + " temporary one of this machine."
      })
  private String work;

  @Override
  public Integer call() throws Exception {
    RoundComparison comparison = comparison();
    implementations.forEach(BenchRoundCommand::requireKnown);
    try (SparkSession session = sparkOptions.open("convoy bench round", 1)) {
      JavaSparkContext spark = JavaSparkContext.fromSparkContext(session.sparkContext());
      bench.convoy().stop().onStop(spark.sc()::cancelAllJobs);
      RoundResults results = measured(session, spark, comparison);
      output.say(
          bench.convoy().console(),
          results,
          results.machine() + "\n" + BenchFigures.text(results.results()));
    }
    return 0;
  }

  private RoundComparison comparison() {
    BenchFigures.requireAtLeastOne("--rounds", rounds);
    BenchFigures.requireAtLeastOne("--steps", steps);
    BenchFigures.requireAtLeastOne("--seconds", seconds);
    int usual = cheapSteps ? CHEAP_BATCH : USUAL_BATCH;
    int examples = batch == null ? usual : batch;
    BenchFigures.requireAtLeastOne("--batch", examples);
    workers.forEach(count -> BenchFigures.requireAtLeastOne("--workers", count));
    return new RoundComparison(
        cheapSteps ? small() : ModelRegistry.standard().defaultSpec(model),
        workers,
        steps,
        examples,
        new MeasuringLimits(WARM_UPS, rounds, Duration.ofSeconds(seconds)));
  }

  /**
   * Smaller ones leave batch norms nothing to take a variance of, and training diverges at once.
   * Where a dense layer reads the pixels, a smaller input would have fewer parameters.
   */
  private ModelSpec small() {
    Architecture architecture = ModelRegistry.standard().get(model);
    ModelSpec usual = ModelRegistry.standard().defaultSpec(model);
    int side =
        Math.max(architecture.smallestSide(usual), Math.min(SMALL_SIDE, usual.input().height()));
    InputShape input = new InputShape(usual.input().channels(), side, side);
    ModelSpec small = ModelSpec.of(model, input, usual.classes());
    return Layouts.of(small).length() == Layouts.of(usual).length() ? small : usual;
  }

  private RoundResults measured(
      SparkSession session, JavaSparkContext spark, RoundComparison comparison) throws IOException {
    String folder =
        work == null ? Files.createTempDirectory("convoy-bench").toUri().toString() : work;
    Storage storage = Storage.at(folder, spark.hadoopConfiguration());
    try (RoundProbe probe = RoundProbe.on(spark)) {
      return new RoundBenchmark(session, probe, storage)
          .run(
              comparison,
              implementations.stream().map(i -> implementation(i, spark, probe)).toList());
    } catch (Exception e) { // Spark's own are checked, but not declared
      bench.convoy().stop().check();
      throw e;
    } finally {
      if (work == null) {
        Files.deleteIfExists(Path.of(URI.create(folder)));
      }
    }
  }

  private AveragedRounds implementation(String name, JavaSparkContext spark, RoundProbe probe) {
    return name.equals(ConvoyRounds.NAME)
        ? new ConvoyRounds(
            spark, probe, wire, bench.convoy().stop(), bench.convoy().console().progress())
        : new AveragingMasterRounds(spark, probe);
  }

  private static void requireKnown(String name) {
    if (!name.equals(ConvoyRounds.NAME) && !name.equals(AveragingMasterRounds.NAME)) {
      throw new InvalidRequestException(
          "--implementation: '%s' is none of %s, %s"
              .formatted(name, ConvoyRounds.NAME, AveragingMasterRounds.NAME));
    }
  }
}
