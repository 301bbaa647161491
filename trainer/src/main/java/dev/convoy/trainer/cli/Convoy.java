package dev.convoy.trainer.cli;

import dev.convoy.trainer.training.StopRequest;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Spec;

/**
 * The command line: {@code convoy VERB}, the same under spark-submit.
 *
 * <p>Exit codes: 0 done, 1 a fault of Convoy's own, 2 wrong usage or configuration, 3 bad data, 4 a
 * failure of cluster or store that a retry may cure, 5 another holder has the run, 130 interrupted
 * after the last completed round was saved.
 */
@Command(
    name = "convoy",
    description = "Trains convolutional image classifiers on Apache Spark.",
    mixinStandardHelpOptions = true,
    versionProvider = VersionProvider.class,
    subcommands = {
      DatasetsCommand.class,
      IngestCommand.class,
      InspectCommand.class,
      DoctorCommand.class,
      TrainCommand.class,
      ResumeCommand.class,
      EvaluateCommand.class,
      PredictCommand.class,
      ImportCommand.class,
      WeightsCommand.class,
      ExportCommand.class,
      ModelsCommand.class,
      BenchCommand.class
    })
public final class Convoy implements Runnable {

  private final Console console;
  private final StopRequest stop;
  private final Clock clock;

  @Spec private CommandLine.Model.CommandSpec spec;

  private Convoy(Console console, StopRequest stop, Clock clock) {
    this.console = console;
    this.stop = stop;
    this.clock = clock;
  }

  /** Runs one command and ends the JVM with its exit code. */
  public static void main(String[] args) {
    StopRequest stop = new StopRequest();
    stop.install();
    int code = execute(System.out, System.err, stop, Clock.systemUTC(), args);
    System.out.flush();
    // After a signal the JVM is going down already, and the hook ends it with this code.
    stop.ended(code);
    if (code != 0 || !isYarnDriver()) {
      System.exit(code);
    }
  }

  /** YARN takes a driver that it started itself for failed unless its main method returns. */
  private static boolean isYarnDriver() {
    return System.getProperty("spark.master", "").equals("yarn")
        && System.getProperty("spark.submit.deployMode", "").equals("cluster");
  }

  /**
   * Runs one command.
   *
   * @param out for results
   * @param err for progress and errors
   * @param stop how a signal reaches the command
   * @param clock for leases and time stamps
   * @param args verb and options
   * @return the exit code
   */
  public static int execute(
      PrintStream out, PrintStream err, StopRequest stop, Clock clock, String... args) {
    Console console = new Console(out, err);
    CommandLine line = commandLine(console, stop, clock, out, err);
    try {
      return line.execute(args);
    } catch (StackOverflowError | OutOfMemoryError | LinkageError e) { // picocli takes exceptions
      Failure known = Failure.of(e);
      console.error(known.message());
      return known.exitCode();
    }
  }

  private static CommandLine commandLine(
      Console console, StopRequest stop, Clock clock, PrintStream out, PrintStream err) {
    return new CommandLine(new Convoy(console, stop, clock))
        .setOut(new PrintWriter(out, true, StandardCharsets.UTF_8))
        .setErr(new PrintWriter(err, true, StandardCharsets.UTF_8))
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionExceptionHandler(
            (failure, command, parsed) -> {
              Failure known = Failure.of(failure);
              console.error(known.message());
              return known.exitCode();
            });
  }

  Console console() {
    return console;
  }

  StopRequest stop() {
    return stop;
  }

  Clock clock() {
    return clock;
  }

  @Override
  public void run() {
    throw new CommandLine.ParameterException(
        spec.commandLine(), "a verb is missing; see convoy --help");
  }
}
