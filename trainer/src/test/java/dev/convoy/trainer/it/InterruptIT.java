package dev.convoy.trainer.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Ctrl-C loses nothing but the round under way. */
@ExtendWith(ReferenceRunExtension.class)
final class InterruptIT {

  private static final int INTERRUPTED = 130;

  @RegisterExtension private final Processes processes = new Processes();
  @TempDir private Path folder;

  @ParameterizedTest
  @EnumSource(names = {"INT", "TERM"})
  void savesTheLastCompletedRoundAndGivesTheRunBack(Signal signal, ReferenceRun reference)
      throws Exception {
    RunFolder run = new RunFolder(folder.resolve("run"));
    RunningProcess train =
        processes.start("train", folder, Distribution.convoy(reference.train(run, "local[2,4]")));
    Await.first("five rounds", () -> run.roundsIfAtLeast(5));

    train.send(signal);
    assertThat(train.exitCode()).as(train::story).isEqualTo(INTERRUPTED);
    int done = run.rounds().size();
    assertThat(done).isLessThan((int) reference.rounds());
    assertThat(run.rounds()).isEqualTo(RunFolder.everyRoundOnce(done));
    assertThat(run.newestCheckpoint()).isEqualTo(done);
    assertThat(run.hasLease()).as("lease.json is left behind").isFalse();
    assertThat(run.events()).containsExactly("stopped early after round " + done);

    RunningProcess resume =
        processes.start(
            "resume", folder, Distribution.convoy(ReferenceRun.resume(run, "local[2,4]")));
    reference.assertSameResult(resume.result(), run);
    assertThat(run.events())
        .containsExactly("stopped early after round " + done, "resumed from round " + done);
  }
}
