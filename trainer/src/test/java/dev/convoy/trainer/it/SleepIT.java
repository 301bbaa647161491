package dev.convoy.trainer.it;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A machine that slept goes on with its run when it wakes up. */
@ExtendWith(ReferenceRunExtension.class)
@Tag("full")
final class SleepIT {

  /** After which Spark takes an executor for lost, unless told otherwise. */
  private static final List<String> IMPATIENT =
      List.of(
          "--conf", "spark.network.timeout=3s", "--conf", "spark.executor.heartbeatInterval=1s");

  private static final Duration SLEEP = Duration.ofSeconds(10);

  @RegisterExtension private final Processes processes = new Processes();
  @TempDir private Path folder;

  @Test
  void anEmbeddedRunGoesOn(ReferenceRun reference) throws Exception {
    RunFolder run = new RunFolder(folder.resolve("run"));
    String[] command = reference.train(run, "local[2,4]");
    String[] impatient = Arrays.copyOf(command, command.length + IMPATIENT.size());
    for (int i = 0; i < IMPATIENT.size(); i++) {
      impatient[command.length + i] = IMPATIENT.get(i);
    }
    RunningProcess train = processes.start("train", folder, Distribution.convoy(impatient));
    Await.first("five rounds", () -> run.roundsIfAtLeast(5));
    train.send(Signal.STOP);
    Thread.sleep(SLEEP.toMillis());
    train.send(Signal.CONT);
    reference.assertSameResult(train.result(), run);
  }
}
