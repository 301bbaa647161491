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
 * @param id its name there
 */
record ExecutorProcess(ProcessHandle process, String application, String id) {

  private static final String MAIN = "org.apache.spark.executor.CoarseGrainedExecutorBackend";

  /** The executor that a process is; nothing if it is none, or is gone. */
  static Optional<ExecutorProcess> of(ProcessHandle process) {
    List<String> command = commandLine(process.pid());
    int application = command.indexOf("--app-id") + 1;
    int id = command.indexOf("--executor-id") + 1;
    return command.contains(MAIN) && application > 0 && id > 0 && process.isAlive()
        ? Optional.of(new ExecutorProcess(process, command.get(application), command.get(id)))
        : Optional.empty();
  }

  void send(Signal signal) {
    signal.send(process.pid());
  }

  /** Whether somebody stopped it. */
  boolean isFrozen() {
    try {
      String stat =
          Files.readString(
              Path.of("/proc", Long.toString(process.pid()), "stat"), StandardCharsets.UTF_8);
      return stat.substring(stat.lastIndexOf(')')).startsWith(") T");
    } catch (IOException e) {
      return false; // it ended in between
    }
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
