package dev.convoy.trainer.it;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** The processes of one test; none outlives it, not even when the build itself is stopped. */
final class Processes implements AfterEachCallback, AutoCloseable {

  private final Deque<RunningProcess> started = new ArrayDeque<>();
  private final Thread atShutdown = new Thread(this::endAll, "end-processes");

  Processes() {
    Runtime.getRuntime().addShutdownHook(atShutdown);
  }

  /** Starts a process; its output goes to files of its name in a folder. */
  RunningProcess start(String name, Path folder, List<String> command) throws IOException {
    RunningProcess process = RunningProcess.start(name, folder, command);
    started.push(process);
    return process;
  }

  @Override
  public void afterEach(ExtensionContext context) {
    close();
  }

  /** Ends what still runs, the youngest first. */
  @Override
  public void close() {
    Runtime.getRuntime().removeShutdownHook(atShutdown);
    endAll();
  }

  private void endAll() {
    started.forEach(RunningProcess::end);
  }
}
