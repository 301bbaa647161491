package dev.convoy.trainer.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
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

/** A store, not the local disk, that fails, hangs, or does not know what it did. */
@ExtendWith(ReferenceRunExtension.class)
final class StoreFaultIT {

  private static final int CLUSTER = 4;
  private static final String MODEL = "model.safetensors";
  private static final String COMMIT = "checkpoint.json";
  private static final String METRICS = "metrics.jsonl";

  @RegisterExtension private final Processes processes = new Processes();
  @TempDir private Path folder;

  @Test
  void whatPassesIsNotNoticedInTheResult(ReferenceRun reference) throws Exception {
    RunFolder run = new RunFolder(folder.resolve("run"));
    RunningProcess train =
        train(
            reference,
            run,
            "5m",
            // Not done, and done though the answer says it was not.
            StoreFault.once(Act.FAIL, When.AFTER, Operation.CLOSE, "lease.json"),
            new StoreFault(Act.FAIL, When.BEFORE, Operation.OPEN, "manifest.json", 1, 2),
            new StoreFault(Act.FAIL, When.BEFORE, Operation.OPEN, "train-00000.parquet", 1, 2),
            StoreFault.once(Act.FAIL, When.BEFORE, Operation.RENAME, "run.json"),
            new StoreFault(Act.FAIL, When.BEFORE, Operation.CREATE, MODEL, 2, 3),
            new StoreFault(Act.FAIL, When.AFTER, Operation.RENAME, MODEL, 3, 3),
            StoreFault.once(Act.FAIL, When.AFTER, Operation.RENAME, COMMIT),
            StoreFault.once(Act.FAIL, When.BEFORE, Operation.DELETE, COMMIT),
            StoreFault.once(Act.FAIL, When.AFTER, Operation.DELETE, COMMIT),
            new StoreFault(Act.FAIL, When.BEFORE, Operation.APPEND, METRICS, 2, 2),
            new StoreFault(Act.FAIL, When.AFTER, Operation.CLOSE, METRICS, 6, 6),
            StoreFault.once(Act.FAIL, When.AFTER, Operation.RENAME, "result.json"));
    reference.assertSameResult(train.result(), run);
    run.assertCheckpointsWhole();
    assertThat(train.errors())
        .containsPattern("train-00000.parquet: injected failure.*; trying again in \\d+ ms")
        .contains(
            "lease.json is there, though the store said: ",
            "result.json is there, though the store said: ",
            "metrics.jsonl, because: ");
  }

  @Test
  void whatFailsForEverEndsTheRunWhichIsResumedLater(ReferenceRun reference) throws Exception {
    RunFolder run = new RunFolder(folder.resolve("run"));
    RunningProcess train =
        train(
            reference,
            run,
            "3s",
            StoreFault.from(3, Act.FAIL, When.BEFORE, Operation.RENAME, COMMIT));
    assertThat(train.exitCode()).as(train::story).isEqualTo(CLUSTER);
    assertThat(train.errors())
        .containsPattern("convoy: the store failed: Cannot write faulty:/.*/checkpoint.json: ")
        .containsPattern("given up after 3 s and \\d+ attempts")
        .contains("and the last completed round could not be saved: ");
    assertGoesOn(reference, run, 4);
  }

  @Test
  @Tag("full")
  void whatHangsForAWhileIsToldAndDone(ReferenceRun reference) throws Exception {
    RunFolder run = new RunFolder(folder.resolve("run"));
    RunningProcess train =
        train(
            reference,
            run,
            "5m",
            new StoreFault(Act.STALL, When.BEFORE, Operation.RENAME, COMMIT, 2, 2),
            StoreFault.once(Act.STALL, When.BEFORE, Operation.OPEN, "train-00000.parquet"));
    reference.assertSameResult(train.result(), run);
    assertThat(train.errors())
        .containsPattern("No answer for 10 s to: write faulty:/.*/checkpoint.json; given up after")
        .containsPattern("No answer for 10 s to: read faulty:/.*/train-00000.parquet");
  }

  @Test
  @Tag("full")
  void whatHangsForEverEndsTheRunWhichIsResumedLater(ReferenceRun reference) throws Exception {
    RunFolder run = new RunFolder(folder.resolve("run"));
    RunningProcess train =
        train(
            reference,
            run,
            "11s",
            StoreFault.from(3, Act.HANG, When.BEFORE, Operation.RENAME, COMMIT));
    assertThat(train.exitCode()).as(train::story).isEqualTo(CLUSTER);
    assertThat(train.errors())
        .contains("No answer for 10 s to: write")
        .containsPattern(
            "convoy: the store failed: Cannot write faulty:/.*/checkpoint.json: the store gave no"
                + " answer within 11 s");
    assertGoesOn(reference, run, 4);
  }

  /** Not even the lease can be given back then. */
  @Test
  @Tag("full")
  void aStoreOfWhichNothingAnswersEndsTheRunToo(ReferenceRun reference) throws Exception {
    RunFolder run = new RunFolder(folder.resolve("run"));
    RunningProcess train =
        train(
            reference,
            run,
            "5s",
            StoreFault.from(10, Act.HANG, When.BEFORE, Operation.RENAME, "*"),
            StoreFault.from(1, Act.HANG, When.BEFORE, Operation.DELETE, "lease.json"));
    assertThat(train.exitCode()).as(train::story).isEqualTo(CLUSTER);
    assertThat(train.errors()).contains("could not be given back; it expires by itself");
    run.assertCheckpointsWhole();
    reference.assertSameResult(resumed(reference, run), run);
  }

  private void assertGoesOn(ReferenceRun reference, RunFolder run, long checkpoint)
      throws Exception {
    run.assertCheckpointsWhole();
    assertThat(run.newestCheckpoint()).isEqualTo(checkpoint);
    assertThat(run.hasLease()).as("lease.json is left behind").isFalse();
    reference.assertSameResult(resumed(reference, run), run);
    assertThat(run.events()).contains("resumed from round " + checkpoint);
  }

  /** Without the faults, and so with the dataset where it really is. */
  private JsonNode resumed(ReferenceRun reference, RunFolder run) throws Exception {
    List<String> arguments = new ArrayList<>(List.of(ReferenceRun.resume(run, "local[2,4]")));
    arguments.add("--set=dataset=" + reference.dataset());
    return processes
        .start("resume", folder, Distribution.convoy(arguments.toArray(String[]::new)))
        .result();
  }

  private RunningProcess train(
      ReferenceRun reference, RunFolder run, String patience, StoreFault... faults)
      throws Exception {
    List<String> arguments =
        new ArrayList<>(
            reference.train(
                FaultyFileSystem.location(reference.dataset()),
                FaultyFileSystem.location(run.path())));
    arguments.add("--master=local[2,4]");
    arguments.add("--conf=spark.hadoop.convoy.store.patience=" + patience);
    arguments.addAll(FaultyFileSystem.options(faults));
    return processes.start("train", folder, Distribution.convoyWithFaults(arguments));
  }
}
