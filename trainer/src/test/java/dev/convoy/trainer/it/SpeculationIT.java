package dev.convoy.trainer.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The same worker's round twice at a time, on two executors, in whatever order they end. */
@Tag("full")
@ExtendWith(ReferenceRunExtension.class)
final class SpeculationIT {

  private static final int ENOUGH = 3;
  private static final Duration FREEZE = Duration.ofSeconds(2);
  private static final Duration TEN_TASKS = Duration.ofMillis(400);
  private static final Pattern SPECULATIVE_ATTEMPT =
      Pattern.compile("Starting task \\d+\\.1 in stage ");
  private static final String LOG_OF_TASKS =
      """
      rootLogger.level = warn
      rootLogger.appenderRef.stderr.ref = stderr
      appender.stderr.type = Console
      appender.stderr.name = stderr
      appender.stderr.target = SYSTEM_ERR
      appender.stderr.layout.type = PatternLayout
      appender.stderr.layout.pattern = %d{HH:mm:ss} %p %c{1}: %m%n
      logger.tasks.name = org.apache.spark.scheduler.TaskSetManager
      logger.tasks.level = info
      """;

  @RegisterExtension private final Processes processes = new Processes();
  @TempDir private Path folder;

  @Test
  void attemptsThatRaceEachOtherChangeNothing(ReferenceRun reference) throws Exception {
    StandaloneCluster cluster = StandaloneCluster.onTwoHosts(processes, folder.resolve("cluster"));
    RunFolder run = new RunFolder(folder.resolve("run"));
    RunningProcess train = submit(cluster, reference, run, List.of());
    Await.first("two rounds", () -> run.roundsIfAtLeast(2));
    while (attempts(train) < ENOUGH && run.rounds().size() < reference.rounds() - 2) {
      int before = attempts(train);
      int rounds = run.rounds().size();
      Optional<ExecutorProcess> slow = cluster.executors().stream().findFirst();
      if (slow.isPresent()) {
        // Its tasks take long now, which is what speculation looks for; then both attempts race.
        slow.get().send(Signal.STOP);
        Await.within(FREEZE, () -> attempts(train) > before);
        slow.get().send(Signal.CONT);
      }
      Await.first("the next round", () -> run.roundsIfAtLeast(rounds + 1));
    }
    assertThat(attempts(train)).as("speculative attempts%n%s", train.story()).isPositive();
    reference.assertSameResult(train.result(), run);
  }

  @Test
  void aHostTenTimesSlowerChangesNothing(ReferenceRun reference) throws Exception {
    StandaloneCluster cluster = StandaloneCluster.onTwoHosts(processes, folder.resolve("cluster"));
    RunFolder run = new RunFolder(folder.resolve("run"));
    RunningProcess train =
        submit(
            cluster,
            reference,
            run,
            SlowHostPlugin.settings(StandaloneCluster.OTHER_HOST, TEN_TASKS));
    reference.assertSameResult(train.result(), run);
    assertThat(attempts(train)).as("speculative attempts%n%s", train.story()).isPositive();
  }

  private RunningProcess submit(
      StandaloneCluster cluster, ReferenceRun reference, RunFolder run, List<String> more)
      throws Exception {
    Path log =
        Files.writeString(
            folder.resolve("log4j2.properties"), LOG_OF_TASKS, StandardCharsets.UTF_8);
    List<String> settings = new ArrayList<>(more);
    settings.addAll(
        List.of(
            "spark.speculation=true",
            "spark.speculation.multiplier=1",
            "spark.speculation.quantile=0.1",
            "spark.speculation.interval=10ms",
            "spark.speculation.minTaskRuntime=0",
            "spark.speculation.task.duration.threshold=50ms",
            "spark.speculation.efficiency.enabled=false"));
    return processes.start(
        "train",
        folder,
        Distribution.withTestClasses(
            cluster.submit(
                reference, run, List.of("-Dlog4j2.configurationFile=" + log), settings)));
  }

  private static int attempts(RunningProcess train) {
    return Math.toIntExact(SPECULATIVE_ATTEMPT.matcher(train.errors()).results().count());
  }
}
