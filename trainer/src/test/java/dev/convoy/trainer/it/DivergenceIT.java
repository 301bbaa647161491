package dev.convoy.trainer.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A loss that is no number, on executors of their own. */
@ExtendWith(ReferenceRunExtension.class)
@Tag("full")
final class DivergenceIT {

  private static final Pattern REASON =
      Pattern.compile(
          "the loss of worker \\d+ in round (\\d+) .* was not finite at the batch .*png");

  @RegisterExtension private final Processes processes = new Processes();
  @TempDir private Path folder;

  /** The rate begins at 0 and is 171 in the second round. */
  @Test
  void stopsWithTheBatchAndTheStateBefore(ReferenceRun reference) throws Exception {
    RunFolder run = new RunFolder(folder.resolve("run"));
    List<String> arguments =
        new ArrayList<>(List.of(reference.train(run, "local-cluster[2,1,1024]")));
    arguments.add("--set=optimizer.learning_rate=2000");
    RunningProcess train =
        processes.start("train", folder, Distribution.convoy(arguments.toArray(String[]::new)));
    assertThat(train.exitCode()).as(train.story()).isEqualTo(3);
    MatchResult reason =
        REASON.matcher(train.errors()).results().findFirst().orElseThrow(AssertionError::new);
    long round = Long.parseLong(reason.group(1));
    assertThat(round).as("round in which it diverged").isPositive();
    assertThat(run.newestCheckpoint()).isEqualTo(round);
    assertThat(run.rounds()).hasSize(Math.toIntExact(round));
  }
}
