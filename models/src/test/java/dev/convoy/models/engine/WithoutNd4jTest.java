package dev.convoy.models.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A plan trains, optimiser included, in a process that has neither ND4J nor DL4J. */
class WithoutNd4jTest {
  @TempDir private Path folder;

  @Test
  void trainsInAProcessWithoutNd4j() throws IOException, InterruptedException {
    String classPath =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(entry -> !entry.matches(".*(nd4j|deeplearning4j|datavec).*"))
            .collect(Collectors.joining(File.pathSeparator));
    assertThat(classPath).contains("dnnl").doesNotContain("nd4j");
    Path log = folder.resolve("log");
    Process process =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx256m",
                    "-cp",
                    classPath,
                    HandWrittenNetwork.class.getName()))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).as(Files.readString(log)).isZero();
    List<Double> losses =
        Files.readAllLines(log).stream()
            .filter(line -> line.startsWith("loss "))
            .map(line -> Double.valueOf(line.substring("loss ".length())))
            .toList();
    assertThat(losses).hasSize(HandWrittenNetwork.STEPS);
    assertThat(losses.get(losses.size() - 1)).isLessThan(0.2 * losses.get(0));
  }
}
