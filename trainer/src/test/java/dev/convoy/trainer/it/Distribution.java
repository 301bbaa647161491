package dev.convoy.trainer.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.trainer.cli.Convoy;
import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.launcher.JavaModuleOptions;

/** What `mvn package` built, as processes are started from it. */
final class Distribution {

  /** The tests' classes, for processes in which faults are injected. */
  static final Path TEST_CLASSES = Path.of("target", "test-classes").toAbsolutePath();

  private static final Path DIST = Path.of("target", "dist").toAbsolutePath();

  private Distribution() {}

  /** {@code deploy/convoy} with its arguments. */
  static List<String> convoy(String... arguments) {
    // A build that runs in the background of a script ignores SIGINT, and its children inherit
    // that.
    // The script has to do without the SPARK_HOME that somebody has.
    List<String> command =
        new ArrayList<>(List.of("env", "--default-signal=INT", "SPARK_HOME=/nonexistent"));
    command.add(Path.of("..", "deploy", "convoy").toAbsolutePath().normalize().toString());
    command.addAll(List.of(arguments));
    return command;
  }

  /**
   * A class of the distribution in a JVM of its own, as Spark's scripts start it.
   *
   * @param heap such as 256m
   */
  static List<String> java(String heap, Class<?> main, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx" + heap);
    command.addAll(List.of(JavaModuleOptions.defaultModuleOptions().trim().split("\\s+", -1)));
    command.addAll(List.of("-cp", DIST.resolve("jars") + "/*", main.getName()));
    command.addAll(List.of(arguments));
    return command;
  }

  /** {@link #convoy} with the tests' classes beside its own, in which faults wait. */
  static List<String> convoyWithFaults(List<String> arguments) {
    List<String> command =
        new ArrayList<>(java("512m", Convoy.class, arguments.toArray(String[]::new)));
    command.addAll(
        1,
        List.of(
            "-Dlog4j2.configurationFile=convoy-log4j2.properties",
            "-Dorg.bytedeco.javacpp.maxphysicalbytes=0",
            "-Dorg.bytedeco.javacpp.logger=slf4j"));
    return withTestClasses(command);
  }

  /** A command of {@link #java} with the tests' classes on its class path. */
  static List<String> withTestClasses(List<String> command) {
    List<String> extended = new ArrayList<>(command);
    int classPath = extended.indexOf("-cp") + 1;
    extended.set(classPath, extended.get(classPath) + File.pathSeparator + TEST_CLASSES);
    return extended;
  }

  /** The trainer's jar: what is submitted to a cluster. */
  static Path application() throws IOException {
    List<Path> jars = new ArrayList<>();
    try (DirectoryStream<Path> found =
        Files.newDirectoryStream(DIST.resolve("jars"), "trainer-*.jar")) {
      found.forEach(jars::add);
    }
    assertThat(jars).as("`mvn package` leaves one jar of the trainer").hasSize(1);
    return jars.get(0);
  }

  /** The environment of every process: all on loopback, with bounded memory. */
  static Map<String, String> environment() {
    return Map.of(
        "JAVA_HOME", System.getProperty("java.home"),
        "CONVOY_HEAP", "512m",
        // Executors inherit it. These processes are too short for the second compiler, which only
        // takes cores away.
        "JDK_JAVA_OPTIONS", "-XX:TieredStopAtLevel=1",
        "SPARK_HOME", DIST.toString(),
        "SPARK_SCALA_VERSION", "2.12",
        "SPARK_LOCAL_IP", "127.0.0.1",
        "OMP_NUM_THREADS", "1");
  }
}
