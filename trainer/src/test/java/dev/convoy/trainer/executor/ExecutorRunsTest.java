package dev.convoy.trainer.executor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convoy.data.storage.HadoopSettings;
import dev.convoy.models.InputShape;
import dev.convoy.models.ModelSpec;
import dev.convoy.models.training.ComputeProfile;
import dev.convoy.models.training.OptimizerSettings;
import dev.convoy.models.training.PrecisionChoice;
import dev.convoy.models.training.TrainingReplica;
import dev.convoy.trainer.Eventually;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;

/** Who meets whom in an executor, and when what is kept there goes. */
final class ExecutorRunsTest {

  private static final int SLOTS = 2;
  private static final Duration LONG = Duration.ofMinutes(10);
  private static final Duration SHORT = Duration.ofMillis(200);
  private static final RunKey RUN = new RunKey("app-1", "run-1");

  private final ExecutorRuns runs = new ExecutorRuns(() -> SLOTS);

  @Test
  void runsOfOneApplicationAndOfTwoShareNoNetwork() {
    List<RunKey> keys = List.of(RUN, new RunKey("app-1", "run-2"), new RunKey("app-2", "run-1"));
    List<TrainingReplica> replicas = new ArrayList<>();
    for (RunKey key : keys) {
      replicas.add(useOnce(settings(key, LONG)));
    }
    assertThat(runs.size()).isEqualTo(3);
    assertThat(replicas).doesNotHaveDuplicates();
    for (int i = 0; i < keys.size(); i++) {
      assertThat(useOnce(settings(keys.get(i), LONG)))
          .as("the network of %s is its own", keys.get(i))
          .isSameAs(replicas.get(i));
    }

    runs.forget(RUN);
    assertClosed(replicas.get(0));
    assertOpen(replicas.get(1));
    assertOpen(replicas.get(2));
    keys.forEach(runs::forget);
    replicas.forEach(ExecutorRunsTest::assertClosed);
    assertThat(runs.size()).isZero();
  }

  @Test
  void whatNoTaskUsesIsFreedWithoutAnybodyAsking() throws Exception {
    TrainingReplica kept = useOnce(settings(RUN, LONG));
    RunKey other = new RunKey("app-1", "run-2");
    TrainingReplica freed = useOnce(settings(other, SHORT));
    Eventually.holds("the idle run goes", () -> runs.size() == 1);
    Eventually.holds("its network goes", () -> isClosed(freed));
    assertOpen(kept);
    assertThat(useOnce(settings(other, LONG))).as("a late task starts anew").isNotSameAs(freed);
    runs.forget(RUN);
    runs.forget(other);
  }

  @Test
  void nothingIsFreedUnderTaskAtWork() throws Exception {
    ExecutorSettings settings = settings(RUN, SHORT);
    TrainingReplica idle = useOnce(settings);
    try (ExecutorRuns.Lease atWork = runs.lease(settings)) {
      try (ExecutorRuns.Lease brief = runs.lease(settings)) {
        assertThat(brief.run()).isSameAs(atWork.run());
      }
      TimeUnit.NANOSECONDS.sleep(3 * SHORT.toNanos());
      assertThat(runs.size()).isEqualTo(1);
      assertOpen(idle);
    }
    Eventually.holds("the run goes when nobody works for it", () -> runs.size() == 0);
    Eventually.holds("its network goes", () -> isClosed(idle));
  }

  @Test
  void useBeginsTheIdleTimeAnew() throws Exception {
    ExecutorSettings settings = settings(RUN, Duration.ofSeconds(2));
    TrainingReplica replica = useOnce(settings);
    long end = System.nanoTime() + Duration.ofSeconds(3).toNanos();
    while (System.nanoTime() < end) {
      assertThat(useOnce(settings)).isSameAs(replica);
      TimeUnit.MILLISECONDS.sleep(20);
    }
    Eventually.holds("the network goes at last", () -> isClosed(replica));
  }

  @Test
  void runThatEndedFreesWhatIsLentWhenItComesBack() {
    ExecutorSettings settings = settings(RUN, LONG);
    try (ExecutorRuns.Lease lease = runs.lease(settings)) {
      TrainingReplica lent;
      TrainingReplica idle;
      try (ExecutorRun.Loan loan = lease.run().borrow()) {
        lent = loan.replica();
        try (ExecutorRun.Loan other = lease.run().borrow()) {
          idle = other.replica();
        }
        runs.forget(RUN);
        assertClosed(idle);
        assertOpen(lent);
      }
      assertClosed(lent);
    }
    assertThat(runs.size()).isZero();
  }

  @Test
  void attemptsNeverShareAndNoMoreNetworksAreKeptThanSlots() {
    ExecutorSettings settings = settings(RUN, LONG);
    try (ExecutorRuns.Lease lease = runs.lease(settings)) {
      ExecutorRun run = lease.run();
      ExecutorRun.Loan first = run.borrow();
      ExecutorRun.Loan second = run.borrow();
      ExecutorRun.Loan losing = run.borrow();
      assertThat(List.of(first.replica(), second.replica(), losing.replica()))
          .doesNotHaveDuplicates();

      losing.close();
      assertThat(run.idleNetworks()).as("both slots have a network").isZero();
      assertClosed(losing.replica());
      first.close();
      second.close();
      assertThat(run.idleNetworks()).isEqualTo(SLOTS);
      assertOpen(first.replica());
      assertOpen(second.replica());
      try (ExecutorRun.Loan again = run.borrow()) {
        assertThat(again.isWarm()).isTrue();
        assertThat(again.replica()).isIn(first.replica(), second.replica());
      }
    }
    runs.forget(RUN);
  }

  private TrainingReplica useOnce(ExecutorSettings settings) {
    try (ExecutorRuns.Lease lease = runs.lease(settings);
        ExecutorRun.Loan loan = lease.run().borrow()) {
      return loan.replica();
    }
  }

  private static void assertOpen(TrainingReplica replica) {
    assertThat(isClosed(replica)).as("closed").isFalse();
  }

  private static void assertClosed(TrainingReplica replica) {
    assertThatThrownBy(() -> replica.seedRound(1)).hasMessageContaining("is closed");
  }

  private static boolean isClosed(TrainingReplica replica) {
    try {
      replica.seedRound(1);
      return false;
    } catch (IllegalStateException e) {
      return true;
    }
  }

  private static ExecutorSettings settings(RunKey key, Duration idle) {
    return new ExecutorSettings(
        key,
        new ModelSpec("lenet", Map.of(), new InputShape(1, 28, 28), 10),
        new OptimizerSettings(0.9, 0, Set.of()),
        0,
        ComputeProfile.resolve(1, PrecisionChoice.FLOAT32),
        ExecutorSettings.MixedProfiles.REFUSED,
        new CacheLimits(1 << 20, 1 << 20, idle),
        HadoopSettings.of(new Configuration(false)));
  }
}
