package dev.convoy.trainer.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.convoy.trainer.training.SlowFileSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A slow executor is named, whether its task is waited for or overtaken. */
@Tag("full")
@ExtendWith(ReferenceRunExtension.class)
final class StragglerIT {

  /** In a round after the first, in which networks are made. */
  private static final TaskFault FROZEN =
      new TaskFault(TaskFault.Act.STOP, TaskFault.Moment.COMPUTING, 7);

  @RegisterExtension private final Processes processes = new Processes();
  @TempDir private Path folder;

  @Test
  void hostWithSlowDiskIsNamedWhereItIsWaitedFor(ReferenceRun reference) throws Exception {
    StandaloneCluster cluster = startCluster();
    RunFolder run = new RunFolder(folder.resolve("run"));
    List<String> arguments =
        new ArrayList<>(
            reference.train(
                SlowFileSystem.SCHEME + "://" + reference.dataset(), run.path().toString()));
    // Nothing is kept, so that batches are read again and again.
    arguments.addAll(List.of("--set=epochs=1", "--set=memory={shard_cache: 1B, prefetch: 0B}"));
    RunningProcess train =
        processes.start(
            "train",
            folder,
            Distribution.withTestClasses(
                cluster.submit(
                    arguments,
                    List.of(),
                    SlowDiskPlugin.settings(
                        StandaloneCluster.OTHER_HOST, aShard(reference.dataset())))));
    train.result();
    assertThat(run.metrics())
        .map(line -> line.path("straggler"))
        .as("stragglers of the rounds")
        .anySatisfy(
            straggler -> {
              assertThat(straggler.path("host").asText()).isEqualTo(StandaloneCluster.OTHER_HOST);
              assertThat(straggler.path("seconds_loading").asDouble())
                  .isGreaterThanOrEqualTo(SlowFileSystem.DELAY.toMillis() / 1000.0);
            });
    assertThat(train.errors()).contains(" on " + StandaloneCluster.OTHER_HOST + ": ");
  }

  /** The name of some shard of the training examples. */
  private static String aShard(Path dataset) throws IOException {
    try (Stream<Path> files = Files.walk(dataset)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.startsWith("train-"))
          .sorted()
          .findFirst()
          .orElseThrow();
    }
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
