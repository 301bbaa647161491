package dev.convoy.trainer.cli;

import dev.convoy.data.InvalidRequestException;
import dev.convoy.models.ModelRegistry;
import dev.convoy.models.ModelSpec;
import dev.convoy.models.benchmark.BenchmarkCase;
import dev.convoy.models.benchmark.EngineBenchmark;
import dev.convoy.models.benchmark.Measurement;
import dev.convoy.models.benchmark.OperationProfile;
import dev.convoy.models.benchmark.StockBenchmark;
import dev.convoy.models.engine.ir.ForwardPass.Mode;
import dev.convoy.models.training.PrecisionChoice;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code convoy bench engine}. */
@Command(
    name = "bench",
    description = "Measure what this machine does.",
    subcommands = BenchCommand.Engine.class,
    synopsisSubcommandLabel = "WHAT")
final class BenchCommand {
  @ParentCommand private Convoy convoy;

  /** {@code convoy bench engine --model NAME}. */
  @Command(
      name = "engine",
      description = "Images per second of one network in training or inference, on noise.")
  static final class Engine implements Callable<Integer> {
    @ParentCommand private BenchCommand bench;
    @Mixin private OutputOptions output;

    @Option(names = "--model", required = true, paramLabel = "NAME", description = "A network.")
    private String model;

    @Option(
        names = "--precision",
        paramLabel = "P",
        defaultValue = "AUTO",
        description = "auto, float32 or bfloat16; default: ${DEFAULT-VALUE}.")
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

    @Option(names = "--stock", description = "Stock DL4J instead of the compiled engine.")
    private boolean stock;

    @Option(
        names = "--ceiling",
        description = "Also what the library's operations take, each by itself.")
    private boolean ceiling;

    @Option(names = "--profile", description = "Also which operations the time goes to.")
    private boolean profile;

    @Override
    public Integer call() {
      BenchmarkCase measured = measured();
      if (stock) {
        say("stock DL4J, float32", StockBenchmark.run(measured), "");
        return 0;
      }
      try (EngineBenchmark benchmark = new EngineBenchmark(measured)) {
        List<Measurement> figures = new ArrayList<>(benchmark.run());
        if (ceiling) {
          figures.add(benchmark.ceiling());
        }
        say(
            benchmark.profile().toString(),
            figures,
            profile ? OperationProfile.render(benchmark.profileOperations()) : "");
      }
      return 0;
    }

    private BenchmarkCase measured() {
      ModelSpec spec = ModelRegistry.standard().defaultSpec(model);
      try {
        return new BenchmarkCase(
            spec,
            precision,
            batch,
            threads,
            inference ? Mode.INFERENCE : Mode.TRAINING,
            Duration.ofSeconds(seconds));
      } catch (IllegalArgumentException e) {
        throw new InvalidRequestException(e.getMessage(), e);
      }
    }

    private void say(String machine, List<Measurement> figures, String more) {
      String lines =
          figures.stream()
              .map(
                  f ->
                      "%s: %.2f %s (%.2f to %.2f, %d runs)"
                          .formatted(f.what(), f.median(), f.unit(), f.min(), f.max(), f.runs()))
              .collect(Collectors.joining("\n"));
      output.say(
          bench.convoy.console(),
          new Figures(machine, figures),
          machine + "\n" + lines + (more.isEmpty() ? "" : "\n\n" + more));
    }
  }

  private record Figures(String machine, List<Measurement> results) {}
}
