package dev.convoy.trainer.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Executors that die, and tasks that fail, at stated moments of a round's tasks. */
@ExtendWith(ReferenceRunExtension.class)
final class ExecutorFaultIT {

  @RegisterExtension private final Processes processes = new Processes();
  @TempDir private Path folder;

  /** One after the other, in one run: the later a moment, the more of its tasks go before. */
  @Test
  void deathAtEveryMomentOfARoundChangesNothing(ReferenceRun reference) throws Exception {
    survives(
        reference,
        kill(TaskFault.Moment.COMPUTING, 3),
        fail(TaskFault.Moment.WRITING, 4),
        fail(TaskFault.Moment.REDUCING, 4),
        kill(TaskFault.Moment.WRITING, 7),
        fail(TaskFault.Moment.WRITTEN, 8),
        kill(TaskFault.Moment.WRITTEN, 9),
        kill(TaskFault.Moment.REDUCING, 7));
  }

  /**
   * Batch norms, dropout, and a network of several slices, each of them some megabytes: half of a
   * worker's output is on the disk when the executor dies.
   */
  @Test
  @Tag("full")
  void deathChangesNothingOfLargeNetworkEither(ReferenceRun reference) throws Exception {
    survives(
        reference.with(LargeNetwork.SETTINGS, folder, processes),
        kill(TaskFault.Moment.WRITING, 2),
        fail(TaskFault.Moment.WRITING, 3),
        kill(TaskFault.Moment.REDUCING, 3));
  }

  @ParameterizedTest
  @EnumSource
  @Tag("full")
  void deathInTheFirstRoundChangesNothing(TaskFault.Moment moment, ReferenceRun reference)
      throws Exception {
    survives(reference, kill(moment, 1));
  }

  private static TaskFault kill(TaskFault.Moment moment, int occurrence) {
    return new TaskFault(TaskFault.Act.KILL, moment, occurrence);
  }

  private static TaskFault fail(TaskFault.Moment moment, int occurrence) {
    return new TaskFault(TaskFault.Act.THROW, moment, occurrence);
  }

  private static int count(TaskFault.Act act, TaskFault... faults) {
    return (int) Arrays.stream(faults).filter(fault -> fault.act() == act).count();
  }

  private void survives(ReferenceRun reference, TaskFault... faults) throws Exception {
    Path markers = Files.createDirectories(folder.resolve("markers"));
    RunFolder run = new RunFolder(folder.resolve("run"));
    List<String> arguments =
        new ArrayList<>(List.of(reference.train(run, "local-cluster[2,1,1024]")));
    FaultyShuffleManager.settings(markers, faults)
        .forEach(setting -> arguments.add("--conf=" + setting));
    RunningProcess train =
        processes.start("train", folder, Distribution.convoyWithFaults(arguments));

    reference.assertSameResult(train.result(), run);
    assertThat(faults).allMatch(fault -> FaultyShuffleManager.happened(markers, fault));
    assertThat(train.errors().lines().filter(line -> line.contains("Lost executor")))
        .as(train::story)
        .hasSizeGreaterThanOrEqualTo(count(TaskFault.Act.KILL, faults));
    assertThat(train.errors().lines().filter(line -> line.contains(FaultyShuffleManager.THROWN)))
        .as(train::story)
        .hasSizeGreaterThanOrEqualTo(count(TaskFault.Act.THROW, faults));
  }
}
