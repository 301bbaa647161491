package dev.convoy.trainer.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** An executor that is frozen in a step is named, whether its task is waited for or overtaken. */
@Tag("full")
@ExtendWith(ReferenceRunExtension.class)
final class StragglerIT {

  /** In a round after the first, in which networks are made. */
  private static final TaskFault FROZEN =
      new TaskFault(TaskFault.Act.STOP, TaskFault.Moment.COMPUTING, 7);

  private static final Duration FREEZE = Duration.ofSeconds(3);

  @RegisterExtension private final Processes processes = new Processes();
  @TempDir private Path folder;

  @Test
  void isNamedWhereItIsWaitedFor(ReferenceRun reference) throws Exception {
    StandaloneCluster cluster = startCluster();
    RunFolder run = new RunFolder(folder.resolve("run"));
    RunningProcess train = submit(cluster, reference, run, List.of());
    ExecutorProcess frozen = frozen(cluster);
    Await.pause(FREEZE);
    frozen.send(Signal.CONT);
    reference.assertSameResult(train.result(), run);
    JsonNode straggler = straggler(run, frozen).orElseThrow();
    assertThat(straggler.path("seconds").asDouble())
        .isGreaterThan(FREEZE.toSeconds() * 0.9)
        .isGreaterThan(straggler.path("seconds_loading").asDouble() + 1);
    assertThat(train.errors()).contains(", executor " + frozen.id() + " on ");
  }

  @Test
  void isNamedWhereSpeculationOvertakesIt(ReferenceRun reference) throws Exception {
    StandaloneCluster cluster = startCluster();
    RunFolder run = new RunFolder(folder.resolve("run"));
    RunningProcess train =
        submit(
            cluster,
            reference,
            run,
            List.of(
                "spark.speculation=true",
                "spark.speculation.multiplier=1",
                "spark.speculation.quantile=0.1",
                "spark.speculation.interval=10ms",
                "spark.speculation.minTaskRuntime=1500ms"));
    ExecutorProcess frozen = frozen(cluster);
    JsonNode straggler = Await.first("a straggler's name", () -> straggler(run, frozen));
    frozen.send(Signal.CONT);
    assertThat(straggler.path("seconds_loading").isNull()).as(straggler.toString()).isTrue();
    assertThat(straggler.path("seconds").asDouble()).isGreaterThan(1.5);
    reference.assertSameResult(train.result(), run);
    assertThat(train.errors()).contains("until another attempt overtook it");
  }

  private RunningProcess submit(
      StandaloneCluster cluster, ReferenceRun reference, RunFolder run, List<String> more)
      throws Exception {
    Path markers = Files.createDirectories(folder.resolve("markers"));
    List<String> settings = new ArrayList<>(more);
    settings.addAll(FaultyShuffleManager.settings(markers, FROZEN));
    return processes.start(
        "train",
        folder,
        Distribution.withTestClasses(cluster.submit(reference, run, List.of(), settings)));
  }

  /** Spark puts a second attempt on another host only. */
  private StandaloneCluster startCluster() throws Exception {
    return StandaloneCluster.start(
        processes,
        folder.resolve("cluster"),
        List.of(StandaloneCluster.HOST, StandaloneCluster.OTHER_HOST));
  }

  private static ExecutorProcess frozen(StandaloneCluster cluster) throws InterruptedException {
    return Await.first(
        "a frozen executor",
        () -> cluster.executors().stream().filter(ExecutorProcess::isFrozen).findFirst());
  }

  private static Optional<JsonNode> straggler(RunFolder run, ExecutorProcess executor) {
    return run.metrics().stream()
        .map(line -> line.path("straggler"))
        .filter(straggler -> straggler.path("executor").asText().equals(executor.id()))
        .findFirst();
  }
}
