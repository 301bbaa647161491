package dev.convoy.trainer.executor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Cores of a process, from what Spark tells it. */
final class TaskSlotsTest {

  private static final int CONFIGURED = 5;
  private static final int PROCESSORS = 16;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "local | | 1",
        "local[3] | | 3",
        "local[3,4] | | 3",
        "local[ 3 , 4 ] | a.Main --cores 7 | 3",
        "local[*] | | 16",
        "local[*,4] | | 16",
        "local-cluster[2,1,1024] | a.Backend --executor-id 0 --cores 1 --app-id app | 1",
        "spark://host:7077 | a.Backend --cores 12 | 12",
        "yarn | a.Backend --hostname cores --cores 4 --user-class-path x | 4",
        "k8s://https://host | a.Backend --not-cores 3 | 5",
        "spark://local[2] | | 5",
      })
  void cores(String master, String command, int cores) {
    assertThat(TaskSlots.cores(master, command == null ? "" : command, CONFIGURED, PROCESSORS))
        .isEqualTo(cores);
  }
}
