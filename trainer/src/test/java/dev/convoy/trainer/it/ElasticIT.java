package dev.convoy.trainer.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Spark's dynamic allocation: a second executor comes when rounds take long, one goes while the
 * driver waits for its store, another comes after that. The result does not tell.
 */
@ExtendWith(ReferenceRunExtension.class)
final class ElasticIT {

  private static final Duration FREEZE = Duration.ofSeconds(30);
  private static final Duration BACKLOG = Duration.ofSeconds(6);
  private static final Duration STARTING = Duration.ofSeconds(3);
  private static final int TRIES = 5;
  private static final Pattern CHECKPOINT = Pattern.compile("/round-(\\d+)-\\w+/checkpoint.json$");
  private static final List<String> DYNAMIC =
      List.of(
          "spark.dynamicAllocation.enabled=true",
          "spark.dynamicAllocation.shuffleTracking.enabled=true",
          "spark.dynamicAllocation.minExecutors=1",
          "spark.dynamicAllocation.maxExecutors=2",
          "spark.dynamicAllocation.schedulerBacklogTimeout=1s",
          "spark.dynamicAllocation.executorIdleTimeout=1s");

  @RegisterExtension private final Processes processes = new Processes();
  @TempDir private Path folder;

  @Test
  void executorsThatComeAndGoBetweenRoundsChangeNothing(ReferenceRun reference) throws Exception {
    Path copy = folder.resolve("copy");
    RunFolder run = new RunFolder(copy.resolve("run"));
    Set<Long> seen = new TreeSet<>();
    try (ObjectStore store = ObjectStore.start(folder.resolve("server"), processes)) {
      StandaloneCluster cluster =
          StandaloneCluster.start(
              processes,
              folder.resolve("cluster"),
              List.of(StandaloneCluster.HOST, StandaloneCluster.HOST));
      List<String> settings = new ArrayList<>(DYNAMIC);
      settings.addAll(store.settings());
      RunningProcess train =
          processes.start(
              "train",
              folder,
              cluster.submit(
                  reference.train(reference.dataset().toString(), store.uri("run")),
                  List.of(),
                  settings));
      checkpointAfter(0, store, train);
      seen.addAll(pids(cluster));

      secondComes(cluster, store, train);
      seen.addAll(pids(cluster));
      oneGoes(cluster, store);
      secondComes(cluster, store, train);
      seen.addAll(pids(cluster));

      JsonNode result = train.result();
      assertThat(seen).as("executors that worked for the run").hasSizeGreaterThanOrEqualTo(3);
      store.download("run/", copy);
      reference.assertSameResult(result, run);
    }
  }

  /**
   * A frozen executor keeps the other workers' tasks waiting, which is when Spark asks for more.
   */
  private static void secondComes(
      StandaloneCluster cluster, ObjectStore store, RunningProcess train) throws Exception {
    for (int tries = 0; tries < TRIES && cluster.executors().size() < 2; tries++) {
      ExecutorProcess only = cluster.executors().get(0);
      only.send(Signal.STOP);
      // Frozen between two rounds' tasks it may keep none waiting.
      boolean asked = Await.within(BACKLOG, () -> cluster.executors().size() == 2);
      if (asked) {
        Await.pause(STARTING);
      }
      only.send(Signal.CONT);
      checkpointAfter(newest(store), store, train);
    }
    assertThat(cluster.executors()).as("a second executor%n%s", train.story()).hasSize(2);
  }

  /** Between two rounds the driver writes checkpoints; executors have nothing to do so long. */
  private static void oneGoes(StandaloneCluster cluster, ObjectStore store) throws Exception {
    store.send(Signal.STOP);
    boolean gone = Await.within(FREEZE, () -> cluster.executors().size() == 1);
    store.send(Signal.CONT);
    assertThat(gone).as("an idle executor goes").isTrue();
  }

  private static void checkpointAfter(long rounds, ObjectStore store, RunningProcess train)
      throws InterruptedException {
    Await.first(
        "a checkpoint after round " + rounds,
        () -> {
          assertThat(train.isAlive()).as(train::story).isTrue();
          return Optional.of(newest(store)).filter(newest -> newest > rounds);
        });
  }

  /** Rounds that the newest checkpoint holds; 0 without one. */
  private static long newest(ObjectStore store) {
    return store.keys("run/checkpoints/").stream()
        .map(CHECKPOINT::matcher)
        .filter(Matcher::find)
        .mapToLong(found -> Long.parseLong(found.group(1)))
        .max()
        .orElse(0);
  }

  private static Set<Long> pids(StandaloneCluster cluster) {
    return cluster.executors().stream()
        .map(executor -> executor.process().pid())
        .collect(Collectors.toSet());
  }
}
