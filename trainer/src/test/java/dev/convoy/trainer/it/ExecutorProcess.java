package dev.convoy.trainer.it;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A process in which Spark runs tasks.
 *
 * @param process the process
 * @param application that it works for
 */
record ExecutorProcess(ProcessHandle process, String application) {

  private static final String MAIN = "org.apache.spark.executor.CoarseGrainedExecutorBackend";

  /** The executor that a process is; nothing if it is none, or is gone. */
  static Optional<ExecutorProcess> of(ProcessHandle process) {
    List<String> command = commandLine(process.pid());
    int application = command.indexOf("--app-id") + 1;
    return command.contains(MAIN) && application > 0 && process.isAlive()
        ? Optional.of(new ExecutorProcess(process, command.get(application)))
        : Optional.empty();
  }

  void send(Signal signal) {
    signal.send(process.pid());
  }

  /** Read by itself: {@link ProcessHandle.Info} leaves out arguments beyond one page. */
  private static List<String> commandLine(long pid) {
    try {
      Path file = Path.of("/proc", Long.toString(pid), "cmdline");
      return List.of(Files.readString(file, StandardCharsets.UTF_8).split("\0", -1));
    } catch (IOException e) {
      return List.of(); // it ended in between
    }
  }
}
