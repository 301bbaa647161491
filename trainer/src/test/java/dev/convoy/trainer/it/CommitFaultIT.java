package dev.convoy.trainer.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.trainer.it.StoreFault.Act;
import dev.convoy.trainer.it.StoreFault.Operation;
import dev.convoy.trainer.it.StoreFault.When;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * A driver that dies in the middle of what it writes, is resumed, dies at the next moment, and so
 * on to the end of the run.
 */
@ExtendWith(ReferenceRunExtension.class)
final class CommitFaultIT {

  private static final String MODEL = "model.safetensors";
  private static final String MOMENTUM = "momentum.safetensors";
  private static final String COMMIT = "checkpoint.json";

  @RegisterExtension private final Processes processes = new Processes();
  @TempDir private Path folder;

  @Test
  void deathBeforeInAndAfterACommitLosesNothing(ReferenceRun reference) throws Exception {
    RunFolder run = new RunFolder(folder.resolve("run"));
    dies(train(reference, run), halt(3, When.BEFORE, Operation.CREATE, MODEL), run);
    assertThat(run.newestCheckpoint()).as("the third was not even begun").isEqualTo(4);
    dies(resume(run), halt(1, When.AFTER, Operation.RENAME, MOMENTUM), run);
    assertThat(run.newestCheckpoint()).as("the third was not committed").isEqualTo(4);
    dies(resume(run), halt(1, When.AFTER, Operation.RENAME, COMMIT), run);
    assertThat(run.newestCheckpoint()).as("the third was committed").isEqualTo(6);
    finishes(reference, run);
  }

  @Test
  @Tag("full")
  void deathAroundEveryFileOfACheckpointLosesNothing(ReferenceRun reference) throws Exception {
    RunFolder run = new RunFolder(folder.resolve("run"));
    dies(train(reference, run), halt(2, When.BEFORE, Operation.CREATE, MODEL), run);
    for (String file : List.of(MODEL, MOMENTUM, COMMIT)) {
      dies(resume(run), halt(1, When.AFTER, Operation.CREATE, file), run);
      dies(resume(run), halt(1, When.AFTER, Operation.CLOSE, file), run);
      dies(resume(run), halt(1, When.AFTER, Operation.RENAME, file), run);
    }
    dies(resume(run), halt(1, When.BEFORE, Operation.DELETE, COMMIT), run);
    dies(resume(run), halt(1, When.AFTER, Operation.DELETE, COMMIT), run);
    finishes(reference, run);
  }

  @Test
  @Tag("full")
  void deathAroundEverythingElseThatIsWrittenLosesNothing(ReferenceRun reference) throws Exception {
    RunFolder run = new RunFolder(folder.resolve("run"));
    dies(train(reference, run), halt(1, When.AFTER, Operation.CLOSE, "lease.json"), run);
    dies(train(reference, run), halt(1, When.BEFORE, Operation.RENAME, "run.json"), run);
    dies(train(reference, run), halt(1, When.AFTER, Operation.RENAME, "run.json"), run);
    dies(resume(run), halt(2, When.BEFORE, Operation.APPEND, "metrics.jsonl"), run);
    dies(resume(run), halt(5, When.AFTER, Operation.CLOSE, "metrics.jsonl"), run);
    dies(resume(run), halt(1, When.BEFORE, Operation.RENAME, "report.html"), run);
    dies(resume(run), halt(1, When.BEFORE, Operation.RENAME, "result.json"), run);
    dies(resume(run), halt(1, When.AFTER, Operation.RENAME, "result.json"), run);
    finishes(reference, run);
  }

  private static StoreFault halt(int occurrence, When when, Operation operation, String file) {
    return new StoreFault(Act.HALT, when, operation, file, occurrence, occurrence);
  }

  private static List<String> train(ReferenceRun reference, RunFolder run) {
    return reference.train(reference.dataset().toString(), FaultyFileSystem.location(run.path()));
  }

  private static List<String> resume(RunFolder run) {
    return List.of("resume", "--run=" + FaultyFileSystem.location(run.path()), "--json");
  }

  private void dies(List<String> command, StoreFault fault, RunFolder run) throws Exception {
    List<String> arguments = new ArrayList<>(command);
    arguments.add("--master=local[2,4]");
    arguments.addAll(FaultyFileSystem.options(fault));
    RunningProcess driver =
        processes.start("driver", folder, Distribution.convoyWithFaults(arguments));
    assertThat(driver.exitCode())
        .as(() -> "%s%n%s".formatted(fault, driver.story()))
        .isEqualTo(StoreFault.HALTED);
    run.assertCheckpointsWhole();
    assertThat(run.hasLease()).as("the dead driver's lease is still there").isTrue();
  }

  private void finishes(ReferenceRun reference, RunFolder run) throws Exception {
    RunningProcess last =
        processes.start(
            "last", folder, Distribution.convoy(ReferenceRun.resume(run, "local[2,4]")));
    reference.assertSameResult(last.result(), run);
  }
}
