package dev.convoy.trainer.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.trainer.Strategy;
import dev.convoy.trainer.averaging.WireFormat;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A driver that dies without a word loses the rounds since its last checkpoint, and no more. */
@ExtendWith(ReferenceRunExtension.class)
final class DriverKillIT {

  private static final int SIGKILLED = 137;

  @RegisterExtension private final Processes processes = new Processes();
  @TempDir private Path folder;

  @Test
  void killedBetweenTwoCheckpointsAndResumedOnAnotherNumberOfCores(ReferenceRun reference)
      throws Exception {
    assertKilledAndResumed(reference, "local[2,4]", "local[1,4]");
  }

  @ParameterizedTest
  @CsvSource({
    "AVERAGE, 'local-cluster[1,1,1024]', 'local-cluster[2,1,1024]'",
    "SLOWMO, 'local-cluster[2,1,1024]', 'local-cluster[1,1,1024]'",
    "POST_LOCAL, 'local-cluster[2,1,1024]', 'local-cluster[4,1,1024]'"
  })
  @Tag("full")
  void killedAndResumedOnAnotherNumberOfExecutorsUnderEveryStrategy(
      Strategy strategy, String master, String other, ReferenceRun reference) throws Exception {
    ReferenceRun embedded =
        reference.with(List.of(strategy.over(WireFormat.BF16), "epochs=4"), folder, processes);
    assertKilledAndResumed(embedded, master, other);
  }

  /** Batch norms and dropout; from two slices to one. */
  @Test
  @Tag("full")
  void killedAndResumedWithLargeNetwork(ReferenceRun reference) throws Exception {
    assertKilledAndResumed(
        reference.with(LargeNetwork.SETTINGS, folder, processes),
        "local-cluster[2,1,1024]",
        "local-cluster[1,1,1024]");
  }

  private void assertKilledAndResumed(ReferenceRun reference, String master, String other)
      throws Exception {
    RunFolder run = new RunFolder(folder.resolve("run"));
    RunningProcess train =
        processes.start("train", folder, Distribution.convoy(reference.train(run, master)));
    long checkpoint =
        Await.first("a round beyond a checkpoint", () -> frozenBeyondCheckpoint(train, run));
    int roundsDone = run.rounds().size();
    assertThat(roundsDone).isLessThan((int) reference.rounds());

    train.send(Signal.KILL);
    assertThat(train.exitCode()).isEqualTo(SIGKILLED);
    assertThat(run.newestCheckpoint()).isEqualTo(checkpoint);
    assertThat(run.hasLease()).as("the dead driver's lease is still there").isTrue();

    RunningProcess resume =
        processes.start("resume", folder, Distribution.convoy(ReferenceRun.resume(run, other)));
    reference.assertSameResult(resume.result(), run);
    assertThat(run.events()).containsExactly("resumed from round " + checkpoint);
  }

  /** Freezes the driver to look; lets it go on unless a round is done that no checkpoint has. */
  private static Optional<Long> frozenBeyondCheckpoint(RunningProcess train, RunFolder run) {
    if (run.newestCheckpoint() < 4 || run.rounds().size() <= run.newestCheckpoint()) {
      return Optional.empty();
    }
    train.send(Signal.STOP);
    long checkpoint = run.newestCheckpoint();
    if (run.rounds().size() > checkpoint) {
      return Optional.of(checkpoint);
    }
    train.send(Signal.CONT);
    return Optional.empty();
  }
}
