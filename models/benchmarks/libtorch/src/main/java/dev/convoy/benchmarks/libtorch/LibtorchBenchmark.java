package dev.convoy.benchmarks.libtorch;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bytedeco.pytorch.global.torch;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** Measures one case and prints it as a line of JSON. */
@Command(
    name = "libtorch",
    description = "Trains or runs one network on random images with libtorch; prints images/s.",
    mixinStandardHelpOptions = true)
public final class LibtorchBenchmark implements Callable<Integer> {
  private static final long SEED = 1;

  @Option(names = "--model", required = true, description = "name in Convoy's registry")
  private Architecture model;

  @Option(names = "--precision", required = true, description = "float32 or bf16 (autocast)")
  private Precision precision;

  @Option(names = "--batch", required = true, description = "images a step")
  private int batch;

  @Option(names = "--threads", defaultValue = "1", description = "default ${DEFAULT-VALUE}")
  private int threads;

  @Option(names = "--inference", description = "forward only; otherwise a training step")
  private boolean inference;

  @Option(names = "--iterations", defaultValue = "1000", description = "default ${DEFAULT-VALUE}")
  private int iterations;

  @Option(names = "--seconds", defaultValue = "20", description = "default ${DEFAULT-VALUE}")
  private double seconds;

  @Spec private CommandSpec spec;

  private LibtorchBenchmark() {}

  /** Measures and exits: 0 done, 2 wrong usage, 1 anything else. */
  public static void main(String[] args) {
    // JavaCPP would count libtorch's memory against the Java heap's limit, and ask Linux for it on
    // every allocation.
    System.setProperty("org.bytedeco.javacpp.maxbytes", "0");
    System.setProperty("org.bytedeco.javacpp.maxphysicalbytes", "0");
    System.exit(
        new CommandLine(new LibtorchBenchmark())
            .registerConverter(Architecture.class, text -> parsed(text, Architecture::named))
            .registerConverter(Precision.class, text -> parsed(text, Precision::named))
            .execute(args));
  }

  private static <T> T parsed(String text, Function<String, T> named) {
    try {
      return named.apply(text);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(e.getMessage());
    }
  }

  @Override
  public Integer call() {
    if (batch < 1 || threads < 1) {
      throw usage("batch is " + batch + " and threads is " + threads + "; both must be 1 or more");
    }
    Budget budget = budget();
    torch.set_num_threads(threads);
    torch.manual_seed(SEED);
    Weights weights = new Weights(torch.ScalarType.Float);
    Network network = model.build(weights);
    StepTimes times;
    try (Step step = step(network, weights)) {
      times = StepTimes.measure(step, budget);
    }
    requireMavensBlas();
    System.out.println(json(times));
    return 0;
  }

  private Budget budget() {
    try {
      return new Budget(iterations, seconds);
    } catch (IllegalArgumentException e) {
      throw usage(e.getMessage());
    }
  }

  private ParameterException usage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  private Step step(Network network, Weights weights) {
    Batch images = Batch.random(model, batch);
    return inference
        ? new InferenceStep(network, images, precision)
        : new TrainingStep(network, weights, images, precision);
  }

  /** The system's BLAS, mapped beside the one from Maven, could serve calls unnoticed. */
  private static void requireMavensBlas() {
    List<Path> others =
        ThisProcess.libraries(Pattern.compile("lib(open)?blas.*")).stream()
            .filter(path -> !path.toString().contains("org/bytedeco/openblas"))
            .toList();
    if (!others.isEmpty()) {
      throw new IllegalStateException(
          "BLAS was to come from org.bytedeco:openblas only, but this is loaded too: " + others);
    }
  }

  private String json(StepTimes times) {
    return String.format(
        Locale.ROOT,
        "{\"what\":\"%s %s %s batch %d\",\"engine\":\"libtorch %s\",\"unit\":\"images/s\","
            + "\"median\":%.3f,\"min\":%.3f,\"max\":%.3f,\"runs\":%d,\"peak_memory_mb\":%d,"
            + "\"threads\":%d,\"cpu_capability\":\"%s\"}",
        inference ? "inference" : "train",
        model.name(),
        precision.label(),
        batch,
        version(),
        batch / times.median(),
        batch / times.longest(),
        batch / times.shortest(),
        times.count(),
        ThisProcess.peakMemoryMb(),
        torch.get_num_threads(),
        torch.get_cpu_capability().getString());
  }

  private static String version() {
    String build = torch.show_config().getString();
    Matcher version = Pattern.compile("TORCH_VERSION=([^,\\s]+)").matcher(build);
    if (!version.find()) {
      throw new IllegalStateException("libtorch does not tell its version: " + build);
    }
    return version.group(1);
  }
}
