package dev.convoy.trainer.cli;

import dev.convoy.data.InvalidRequestException;
import dev.convoy.models.ModelRegistry;
import dev.convoy.models.ModelSpec;
import dev.convoy.models.benchmark.BenchmarkCase;
import dev.convoy.models.benchmark.EngineBenchmark;
import dev.convoy.models.benchmark.Measurement;
import dev.convoy.models.benchmark.OperationProfile;
import dev.convoy.models.benchmark.StockBenchmark;
import dev.convoy.models.engine.OperationTime;
import dev.convoy.models.engine.ir.ForwardPass.Mode;
import dev.convoy.models.training.PrecisionChoice;
import dev.convoy.trainer.config.PrecisionWords;
import dev.convoy.trainer.executor.ExecutorProfile;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.TypeConversionException;

/** {@code convoy bench engine --model NAME}. */
@Command(
    name = "engine",
    description = "Images per second of one network in training or inference, on noise.")
final class BenchEngineCommand implements Callable<Integer> {
  @ParentCommand private BenchCommand bench;
  @Mixin private OutputOptions output;

  @Option(names = "--model", required = true, paramLabel = "NAME", description = "A network.")
  private String model;

  @Option(
      names = "--precision",
      paramLabel = "P",
      defaultValue = "auto",
      converter = PrecisionConverter.class,
      description = "auto, float32, bfloat16 or bf16; default: ${DEFAULT-VALUE}.")
  private PrecisionChoice precision;

  @Option(
      names = "--batch",
      paramLabel = "N",
      defaultValue = "16",
      description = "Images in a step; default: ${DEFAULT-VALUE}.")
  private int batch;

  @Option(
      names = "--threads",
      paramLabel = "T",
      defaultValue = "1",
      description = "Threads of one operation; default: ${DEFAULT-VALUE}.")
  private int threads;

  @Option(names = "--inference", description = "Probabilities only; default: training steps.")
  private boolean inference;

  @Option(
      names = "--seconds",
      paramLabel = "S",
      defaultValue = "10",
      description = "After which no further step begins; default: ${DEFAULT-VALUE}.")
  private int seconds;

  @Option(
      names = "--stock",
      description = "Stock DL4J, in float32, instead of the compiled engine.")
  private boolean stock;

  @Option(
      names = "--ceiling",
      description =
          "Also what the library's operations take, each by itself; with --profile as a column, too.")
  private boolean ceiling;

  @Option(names = "--profile", description = "Also which operations the time goes to.")
  private boolean profile;

  @Override
  public Integer call() {
    BenchmarkCase measured = measured();
    if (stock) {
      requireStock();
      say("stock DL4J, float32", StockBenchmark.run(measured), "");
      return 0;
    }
    // Says what this machine cannot do before a network is built.
    ExecutorProfile.resolve(threads, precision);
    try (EngineBenchmark benchmark = new EngineBenchmark(measured)) {
      List<Measurement> figures = new ArrayList<>(benchmark.run());
      List<OperationTime> alone = ceiling ? benchmark.operationsAlone() : List.of();
      if (ceiling) {
        figures.add(benchmark.ceiling(alone));
      }
      say(
          benchmark.profile().toString(),
          figures,
          profile ? OperationProfile.render(benchmark.profileOperations(), alone) : "");
    }
    return 0;
  }

  private BenchmarkCase measured() {
    ModelSpec spec = ModelRegistry.standard().defaultSpec(model);
    BenchFigures.requireAtLeastOne("--batch", batch);
    BenchFigures.requireAtLeastOne("--threads", threads);
    BenchFigures.requireAtLeastOne("--seconds", seconds);
    int most = Integer.MAX_VALUE / spec.input().values();
    if (batch > most) {
      throw new InvalidRequestException(
          "--batch is %d; at most %d images of %s fit in one array"
              .formatted(batch, most, spec.input()));
    }
    int processors = Runtime.getRuntime().availableProcessors();
    if (threads > processors) {
      throw new InvalidRequestException(
          "--threads is %d; this process has %d processor%s"
              .formatted(threads, processors, processors == 1 ? "" : "s"));
    }
    return new BenchmarkCase(
        spec,
        precision,
        batch,
        threads,
        inference ? Mode.INFERENCE : Mode.TRAINING,
        Duration.ofSeconds(seconds));
  }

  private void requireStock() {
    if (precision == PrecisionChoice.BFLOAT16) {
      throw new InvalidRequestException(
          "--stock computes in float32; leave --precision out, or --stock");
    }
    if (ceiling || profile) {
      throw new InvalidRequestException(
          "--ceiling and --profile look into the compiled engine; leave them out, or --stock");
    }
  }

  private void say(String machine, List<Measurement> figures, String more) {
    output.say(
        bench.convoy().console(),
        new BenchFigures(machine, figures),
        machine + "\n" + BenchFigures.text(figures) + (more.isEmpty() ? "" : "\n\n" + more));
  }

  /** The words of the configuration, in any case. */
  private static final class PrecisionConverter implements ITypeConverter<PrecisionChoice> {
    @Override
    public PrecisionChoice convert(String word) {
      return PrecisionWords.read(word.toLowerCase(Locale.ROOT))
          .orElseThrow(
              () ->
                  new TypeConversionException(
                      "'%s' is none of auto, float32, bfloat16, bf16".formatted(word)));
    }
  }
}
