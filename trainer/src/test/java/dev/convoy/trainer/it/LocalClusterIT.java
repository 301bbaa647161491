package dev.convoy.trainer.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.trainer.Strategy;
import dev.convoy.trainer.averaging.WireFormat;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The number and kind of executors is not part of the experiment, under any strategy. */
@ExtendWith(ReferenceRunExtension.class)
final class LocalClusterIT {

  @RegisterExtension private final Processes processes = new Processes();
  @TempDir private Path folder;

  @Test
  void twoExecutorProcessesGiveWhatOneProcessGives(ReferenceRun reference) throws Exception {
    RunFolder run = new RunFolder(folder.resolve("run"));
    RunningProcess train =
        processes.start(
            "train", folder, Distribution.convoy(reference.train(run, "local-cluster[2,1,1024]")));
    reference.assertSameResult(train.result(), run);
    assertThat(run.metrics())
        .as("rounds with batches that were loaded ahead where their worker then ran")
        .anyMatch(line -> line.path("prefetched_batches").asInt() > 0);
  }

  @Test
  @Tag("full")
  void oneCoreGivesWhatTwoCoresGive(ReferenceRun reference) throws Exception {
    RunFolder run = new RunFolder(folder.resolve("run"));
    RunningProcess train =
        processes.start("train", folder, Distribution.convoy(reference.train(run, "local[1,4]")));
    reference.assertSameResult(train.result(), run);
  }

  @Test
  @Tag("full")
  void twoExecutorProcessesGiveTheSameOuterMomentum(ReferenceRun reference) throws Exception {
    assertSameOn(2, reference.with(settings(Strategy.SLOWMO), folder, processes));
  }

  /** Batch norms, dropout, and on two slots an average in two slices. */
  @Test
  void twoExecutorProcessesGiveTheSameOfLargeNetwork(ReferenceRun reference) throws Exception {
    assertSameOn(2, reference.with(LargeNetwork.SETTINGS, folder, processes));
  }

  @Test
  @Tag("full")
  void oneExecutorProcessDoesSoInOneSlice(ReferenceRun reference) throws Exception {
    assertSameOn(1, reference.with(LargeNetwork.SETTINGS, folder, processes));
  }

  @ParameterizedTest
  @EnumSource
  @Tag("full")
  void oneTwoOrFourExecutorProcessesGiveTheSame(Strategy strategy, ReferenceRun reference)
      throws Exception {
    ReferenceRun embedded = reference.with(settings(strategy), folder, processes);
    for (int executors : new int[] {1, 2, 4}) {
      assertSameOn(executors, embedded);
    }
  }

  private void assertSameOn(int executors, ReferenceRun embedded) throws Exception {
    RunFolder run = new RunFolder(folder.resolve("run-" + executors));
    String master = "local-cluster[%d,1,1024]".formatted(executors);
    RunningProcess train =
        processes.start(
            "train-" + executors, folder, Distribution.convoy(embedded.train(run, master)));
    embedded.assertSameResult(train.result(), run);
  }

  private static List<String> settings(Strategy strategy) {
    return List.of(strategy.over(WireFormat.BF16));
  }
}
