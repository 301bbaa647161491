package dev.convoy.models;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Runs a class of the tests in a process of its own. */
public final class OtherJvm {
  private static final long MINUTES = 2;

  private OtherJvm() {}

  /**
   * What the class's main method prints, standard error included, once it has ended well.
   *
   * @param with the entries of this process's class path that the other one has, too
   */
  public static List<String> run(Predicate<String> with, Class<?> main, String... arguments)
      throws IOException, InterruptedException {
    String classPath =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(with)
            .collect(Collectors.joining(File.pathSeparator));
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-cp",
                classPath,
                main.getName()));
    command.addAll(List.of(arguments));
    Path log = Files.createTempFile("convoy-other-jvm", ".log");
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      try {
        assertThat(process.waitFor(MINUTES, TimeUnit.MINUTES)).isTrue();
      } finally {
        process.destroyForcibly();
      }
      assertThat(process.exitValue()).as(Files.readString(log)).isZero();
      return Files.readAllLines(log);
    } finally {
      Files.delete(log);
    }
  }
}
