package dev.convoy.trainer.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The number and kind of executors is not part of the experiment. */
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
  void oneCoreGivesWhatTwoCoresGive(ReferenceRun reference) throws Exception {
    RunFolder run = new RunFolder(folder.resolve("run"));
    RunningProcess train =
        processes.start("train", folder, Distribution.convoy(reference.train(run, "local[1,4]")));
    reference.assertSameResult(train.result(), run);
  }
}
