package dev.convoy.trainer.it;

import static org.assertj.core.api.Assertions.assertThat;

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

  private static final Path DIST = Path.of("target", "dist").toAbsolutePath();

  private Distribution() {}

  /** {@code deploy/convoy} with its arguments. */
  static List<String> convoy(String... arguments) {
    // A build that runs in the background of a script ignores SIGINT, and its children inherit
    // that.
    List<String> command = new ArrayList<>(List.of("env", "--default-signal=INT"));
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
        "JDK_JAVA_OPTIONS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
        "SPARK_HOME", DIST.toString(),
        "SPARK_SCALA_VERSION", "2.12",
        "SPARK_LOCAL_IP", "127.0.0.1",
        "OMP_NUM_THREADS", "1");
  }
}
