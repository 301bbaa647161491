package dev.convoy.trainer.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.convoy.trainer.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A process that a test started, with what it says in files. */
final class RunningProcess {

  private static final int TAIL = 60;

  private final String name;
  private final Process process;
  private final Path output;
  private final Path errors;

  private RunningProcess(String name, Process process, Path output, Path errors) {
    this.name = name;
    this.process = process;
    this.output = output;
    this.errors = errors;
  }

  /** Starts a process; its output goes to files of its name in a folder. */
  static RunningProcess start(String name, Path folder, List<String> command) throws IOException {
    Files.createDirectories(folder);
    Path output = folder.resolve(name + ".out");
    Path errors = folder.resolve(name + ".err");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .redirectOutput(output.toFile())
            .redirectError(errors.toFile());
    builder.environment().putAll(Distribution.environment());
    return new RunningProcess(name, builder.start(), output, errors);
  }

  long pid() {
    return process.pid();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Its children, their children, and so on. */
  Stream<ProcessHandle> descendants() {
    return process.descendants();
  }

  /** Sends it a signal; it must be alive. */
  void send(Signal signal) {
    signal.send(pid());
  }

  /** Its exit code, 128 more than the signal if one ended it. */
  int exitCode() throws InterruptedException {
    assertThat(process.waitFor(Await.PATIENCE.toSeconds(), TimeUnit.SECONDS))
        .as("%s ends within %s%n%s", name, Await.PATIENCE, story())
        .isTrue();
    return process.exitValue();
  }

  /** What a command with {@code --json} gave, once it ended well. */
  JsonNode result() throws IOException, InterruptedException {
    assertThat(exitCode()).as("exit code of %s%n%s", name, story()).isZero();
    return lastLine();
  }

  /** The JSON object that stands last on its output. */
  JsonNode lastLine() throws IOException {
    List<String> lines = Files.readAllLines(output);
    assertThat(lines).as("output of %s", name).isNotEmpty();
    return Json.MAPPER.readTree(lines.get(lines.size() - 1));
  }

  /** What it wrote to standard error so far. */
  String errors() {
    return text(errors);
  }

  /** The end of what it said, for a failure's message. */
  String story() {
    List<String> lines = Stream.concat(errors().lines(), text(output).lines()).toList();
    return String.join(
        System.lineSeparator(), lines.subList(Math.max(0, lines.size() - TAIL), lines.size()));
  }

  /** Ends it and everything that it started. */
  void end() {
    List<ProcessHandle> all =
        Stream.concat(process.descendants(), Stream.of(process.toHandle())).toList();
    all.forEach(ProcessHandle::destroyForcibly);
    for (ProcessHandle each : all) {
      each.onExit().orTimeout(Await.PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
