package dev.convoy.trainer.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.convoy.trainer.training.SlowFileSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Of two executors the one whose host has a slow disk is named, whether its tasks are waited for or
 * overtaken.
 */
@Tag("full")
@ExtendWith(ReferenceRunExtension.class)
final class StragglerIT {

  private static final double DELAY_SECONDS = SlowFileSystem.DELAY.toMillis() / 1000.0;

  @RegisterExtension private final Processes processes = new Processes();
  @TempDir private Path folder;

  @Test
  void isNamedWhereItIsWaitedFor(ReferenceRun reference) throws Exception {
    RunFolder run = new RunFolder(folder.resolve("run"));
    RunningProcess train = trained(reference, run, List.of());
    assertThat(stragglers(run))
        .anySatisfy(
            straggler -> {
              assertThat(straggler.path("host").asText()).isEqualTo(StandaloneCluster.OTHER_HOST);
              assertThat(straggler.path("seconds_loading").asDouble())
                  .isGreaterThanOrEqualTo(DELAY_SECONDS);
            });
    assertThat(train.errors()).contains(" on " + StandaloneCluster.OTHER_HOST + ": ");
  }

  /** A second attempt begins when the first one has taken a second longer than others. */
  @Test
  void isNamedWhereSpeculationOvertakesIt(ReferenceRun reference) throws Exception {
    RunFolder run = new RunFolder(folder.resolve("run"));
    RunningProcess train =
        trained(
            reference,
            run,
            List.of(
                "spark.speculation=true",
                "spark.speculation.multiplier=1",
                "spark.speculation.quantile=0.1",
                "spark.speculation.interval=10ms",
                "spark.speculation.minTaskRuntime=1200ms"));
    assertThat(stragglers(run))
        .anySatisfy(
            straggler -> {
              assertThat(straggler.path("host").asText()).isEqualTo(StandaloneCluster.OTHER_HOST);
              assertThat(straggler.path("seconds_loading").isNull()).isTrue();
              assertThat(straggler.path("seconds").asDouble()).isGreaterThan(1.2);
            });
    assertThat(train.errors()).contains("until another attempt overtook it");
  }

  /** Nothing is kept, so that batches are read again and again. */
  private RunningProcess trained(ReferenceRun reference, RunFolder run, List<String> more)
      throws Exception {
    StandaloneCluster cluster = StandaloneCluster.onTwoHosts(processes, folder.resolve("cluster"));
    List<String> arguments =
        new ArrayList<>(
            reference.train(
                SlowFileSystem.SCHEME + "://" + reference.dataset(), run.path().toString()));
    arguments.addAll(List.of("--set=epochs=1", "--set=memory={shard_cache: 1B, prefetch: 0B}"));
    List<String> settings =
        new ArrayList<>(
            SlowDiskPlugin.settings(StandaloneCluster.OTHER_HOST, aShard(reference.dataset())));
    settings.addAll(more);
    RunningProcess train =
        processes.start(
            "train",
            folder,
            Distribution.withTestClasses(cluster.submit(arguments, List.of(), settings)));
    train.result();
    return train;
  }

  private static List<JsonNode> stragglers(RunFolder run) {
    return run.metrics().stream()
        .map(line -> line.path("straggler"))
        .filter(JsonNode::isObject)
        .toList();
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
}
