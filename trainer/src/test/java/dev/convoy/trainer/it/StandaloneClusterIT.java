package dev.convoy.trainer.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.trainer.Strategy;
import dev.convoy.trainer.averaging.WireFormat;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A submitted training on a real cluster whose executors die. */
@ExtendWith(ReferenceRunExtension.class)
final class StandaloneClusterIT {

  @RegisterExtension private final Processes processes = new Processes();
  @TempDir private Path folder;

  @Test
  void anExecutorKilledInMidRunChangesNothing(ReferenceRun reference) throws Exception {
    StandaloneCluster cluster = startCluster();
    RunFolder run = new RunFolder(folder.resolve("run"));
    RunningProcess train = submit(cluster, reference, run);
    Await.first("four rounds", () -> run.roundsIfAtLeast(4));

    kill(oneOf(cluster, new Random(0)), cluster, run, reference);
    reference.assertSameResult(train.result(), run);
    assertThat(train.errors()).contains("Lost executor");
  }

  @Test
  @Tag("full")
  void executorsKilledAtThreeRandomMomentsChangeNothing(ReferenceRun reference) throws Exception {
    long seed = ThreadLocalRandom.current().nextLong();
    Random random = new Random(seed);
    // The last rounds are left out: what is killed there may find the run over.
    List<Integer> moments =
        random
            .ints(1, Math.toIntExact(reference.rounds()) - 4)
            .distinct()
            .limit(3)
            .sorted()
            .boxed()
            .toList();
    StandaloneCluster cluster = startCluster();
    RunFolder run = new RunFolder(folder.resolve("run"));
    RunningProcess train = submit(cluster, reference, run);
    List<Long> killed = new ArrayList<>();
    for (int moment : moments) {
      Await.first("%d rounds (seed %d)".formatted(moment, seed), () -> run.roundsIfAtLeast(moment));
      Await.pause(Duration.ofMillis(random.nextInt(200)));
      ExecutorProcess victim = oneOf(cluster, random);
      kill(victim, cluster, run, reference);
      killed.add(victim.process().pid());
    }
    assertThat(killed).as("seed %d", seed).doesNotHaveDuplicates();
    reference.assertSameResult(train.result(), run);
  }

  @ParameterizedTest
  @EnumSource
  @Tag("full")
  void oneTwoOrFourExecutorsGiveTheSameUnderEveryStrategy(Strategy strategy, ReferenceRun reference)
      throws Exception {
    ReferenceRun embedded =
        reference.with(List.of(strategy.over(WireFormat.FLOAT32)), folder, processes);
    for (int executors : new int[] {1, 2, 4}) {
      // Daemons of its own, which end with it.
      try (Processes daemons = new Processes()) {
        StandaloneCluster cluster =
            StandaloneCluster.start(
                daemons,
                folder.resolve("cluster-" + executors),
                Collections.nCopies(executors, StandaloneCluster.HOST));
        RunFolder run = new RunFolder(folder.resolve("run-" + executors));
        RunningProcess train =
            daemons.start(
                "train-" + executors, folder, cluster.submit(embedded, run, List.of(), List.of()));
        embedded.assertSameResult(train.result(), run);
      }
    }
  }

  private StandaloneCluster startCluster() throws Exception {
    return StandaloneCluster.start(
        processes,
        folder.resolve("cluster"),
        List.of(StandaloneCluster.HOST, StandaloneCluster.HOST));
  }

  private RunningProcess submit(StandaloneCluster cluster, ReferenceRun reference, RunFolder run)
      throws Exception {
    return processes.start("train", folder, cluster.submit(reference, run, List.of(), List.of()));
  }

  private static ExecutorProcess oneOf(StandaloneCluster cluster, Random random)
      throws InterruptedException {
    return Await.first(
        "a running executor",
        () -> {
          List<ExecutorProcess> running = cluster.executors();
          return running.isEmpty()
              ? Optional.empty()
              : Optional.of(running.get(random.nextInt(running.size())));
        });
  }

  /** Kills an executor that works for the run, while the run still has rounds to do. */
  private static void kill(
      ExecutorProcess executor, StandaloneCluster cluster, RunFolder run, ReferenceRun reference) {
    assertThat(executor.application()).isEqualTo(cluster.application());
    assertThat(executor.process().isAlive()).isTrue();
    executor.send(Signal.KILL);
    executor.process().onExit().orTimeout(Await.PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
    assertThat(run.rounds().size())
        .as("rounds done when the executor was dead")
        .isLessThan(Math.toIntExact(reference.rounds()));
  }
}
