package dev.convoy.trainer.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A run directory belongs to one process at a time. */
@ExtendWith(ReferenceRunExtension.class)
final class OneHolderIT {

  private static final int HELD = 5;

  @RegisterExtension private final Processes processes = new Processes();
  @TempDir private Path folder;

  @Test
  void theSecondProcessIsTurnedAwayAndTheFirstIsNotDisturbed(ReferenceRun reference)
      throws Exception {
    RunFolder run = new RunFolder(folder.resolve("run"));
    RunningProcess first =
        processes.start("first", folder, Distribution.convoy(reference.train(run, "local[2,4]")));
    Await.first("three rounds", () -> run.roundsIfAtLeast(3));
    // The first stands still while the second comes up, or it would be over by then.
    first.send(Signal.STOP);
    int done = run.rounds().size();
    assertThat(done).isLessThan((int) reference.rounds());

    RunningProcess second =
        processes.start(
            "second", folder, Distribution.convoy(ReferenceRun.resume(run, "local[1,4]")));
    assertThat(second.exitCode()).as(second::story).isEqualTo(HELD);
    assertThat(second.errors()).contains("is held by process " + first.pid() + " on ");
    assertThat(run.rounds()).hasSize(done);

    first.send(Signal.CONT);
    reference.assertSameResult(first.result(), run);
    assertThat(run.events()).isEmpty();
  }
}
