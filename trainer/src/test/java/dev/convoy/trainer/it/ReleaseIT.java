package dev.convoy.trainer.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * What two executor processes have after 200 rounds is what they had after 20; the driver's own
 * process is {@code ReleaseTest}'s.
 */
@Tag("full")
@ExtendWith(ReferenceRunExtension.class)
final class ReleaseIT {

  private static final int EXECUTORS = 2;
  private static final int EARLY = 20;
  private static final int LATE = 200;

  /** Rounds during which the least of each figure is looked for: within one, files are in use. */
  private static final int DURING = 12;

  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(20);

  /** Spark's and the JVM's own; of states, which are 10 MB here, some hundred pass in between. */
  private static final long SMALL_KILOBYTES = 48L << 10;

  /** The heap is taken whole at the start: what a process takes after that is outside of it. */
  private static final String FIXED_HEAP =
      "-Xms1g -XX:+AlwaysPreTouch -Dorg.bytedeco.javacpp.maxphysicalbytes=0"
          + " -Dorg.bytedeco.javacpp.logger=slf4j"
          + " -Dlog4j2.configurationFile=convoy-log4j2.properties";

  @RegisterExtension private final Processes processes = new Processes();
  @TempDir private Path folder;

  @Test
  void twoHundredRoundsLeaveWhatTwentyLeave(ReferenceRun reference) throws Exception {
    Path local = Files.createDirectory(folder.resolve("local"));
    RunFolder run = new RunFolder(folder.resolve("run"));
    List<String> arguments =
        new ArrayList<>(List.of(reference.train(run, "local-cluster[2,1,1024]")));
    LargeNetwork.SETTINGS.forEach(setting -> arguments.add("--set=" + setting));
    arguments.addAll(
        List.of(
            "--set=epochs=12",
            "--set=sync.steps=1",
            "--set=evaluation.every_epochs=0",
            "--set=checkpoint.every_rounds=0",
            "--conf=spark.local.dir=" + local,
            "--conf=spark.executor.extraJavaOptions=" + FIXED_HEAP));
    RunningProcess train =
        processes.start("train", folder, Distribution.convoy(arguments.toArray(String[]::new)));

    Footprint early = footprint(run, EARLY, local, train);
    Footprint late = footprint(run, LATE, local, train);
    assertThat(late.files()).as("files after %d rounds", LATE).isEqualTo(early.files());
    assertThat(late.fileBytes()).as("their bytes").isEqualTo(early.fileBytes());
    assertThat(late.residentKilobytes())
        .as("kilobytes of both executors in memory, %s before", early.residentKilobytes())
        .isLessThan(early.residentKilobytes() + SMALL_KILOBYTES);
    assertThat(train.result().path("rounds").asInt()).isGreaterThan(LATE + DURING);
  }

  /**
   * What executors have.
   *
   * @param files below spark.local.dir
   * @param fileBytes of all of them
   * @param residentKilobytes of the executors' processes
   */
  private record Footprint(long files, long fileBytes, long residentKilobytes) {

    Footprint least(Footprint other) {
      return new Footprint(
          Math.min(files, other.files),
          Math.min(fileBytes, other.fileBytes),
          Math.min(residentKilobytes, other.residentKilobytes));
    }
  }

  private static Footprint footprint(RunFolder run, int rounds, Path local, RunningProcess train)
      throws InterruptedException {
    for (int round = EARLY; round <= rounds; round += EARLY) {
      int next = round; // patience is for one of these steps
      Await.first(
          "round " + next,
          () -> {
            assertThat(train.isAlive()).as(train::story).isTrue();
            return run.roundsIfAtLeast(next);
          });
    }
    Footprint least = now(local, train);
    while (run.roundsIfAtLeast(rounds + DURING).isEmpty()) {
      assertThat(train.isAlive()).as(train::story).isTrue();
      least = least.least(now(local, train));
      Await.pause(BETWEEN_LOOKS);
    }
    return least;
  }

  private static Footprint now(Path local, RunningProcess train) {
    List<ProcessHandle> executors =
        train.descendants().filter(process -> ExecutorProcess.of(process).isPresent()).toList();
    assertThat(executors).hasSize(EXECUTORS);
    try (Stream<Path> found = Files.walk(local)) {
      List<Long> sizes =
          found.map(Path::toFile).filter(f -> f.isFile()).map(f -> f.length()).toList();
      return new Footprint(
          sizes.size(),
          sizes.stream().mapToLong(size -> size).sum(),
          executors.stream().mapToLong(ReleaseIT::residentKilobytes).sum());
    } catch (IOException | UncheckedIOException e) {
      // A file went while the folder was walked.
      return new Footprint(Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE);
    }
  }

  private static long residentKilobytes(ProcessHandle process) {
    Path status = Path.of("/proc", Long.toString(process.pid()), "status");
    try (Stream<String> lines = Files.lines(status, StandardCharsets.UTF_8)) {
      return lines
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
          .findFirst()
          .orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
