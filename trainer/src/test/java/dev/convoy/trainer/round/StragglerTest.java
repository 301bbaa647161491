package dev.convoy.trainer.round;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.trainer.executor.ExecutorLocation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which worker is out of line. */
final class StragglerTest {

  @ParameterizedTest
  @CsvSource({
    "'10 10 10 10', -1",
    "'10 10 10 20', -1",
    "'10 10 10 20.5', 3",
    "'21 10 30 10', 2",
    "'0.1 0.1 0.9 0.1', -1",
    "'0.1 0.1 1.05 0.1', -1",
    "'0.1 0.1 1.15 0.1', 2",
    "'1 5', 1",
    "'5 1', 0",
    "'5', -1",
    "'1 9 9 1 9', -1",
    "'1 9 9 1 1', 1",
  })
  void isTheSlowestBeyondTwiceTheMedianAndSecond(String seconds, int worker) {
    List<WorkerReport> reports = new ArrayList<>();
    for (String each : seconds.split(" ", -1)) {
      reports.add(report(reports.size(), Double.parseDouble(each), true));
    }
    Optional<Straggler> straggler = Straggler.among(reports, List.of());
    assertThat(straggler.map(Straggler::worker).orElse(-1)).isEqualTo(worker);
  }

  @Test
  void saysWhatTheOthersTook() {
    Straggler straggler =
        Straggler.among(
                List.of(report(0, 2, true), report(1, 1, true), report(2, 8, true)), List.of())
            .orElseThrow();
    assertThat(straggler.medianSeconds()).isEqualTo(2);
    assertThat(straggler.seconds()).isEqualTo(8);
    assertThat(straggler.secondsLoading()).contains(2.0);
    assertThat(straggler.location()).isEqualTo(new ExecutorLocation("host", "2"));
  }

  @Test
  void newNetworkIsReasonEnough() {
    assertThat(Straggler.among(List.of(report(0, 1, true), report(1, 9, false)), List.of()))
        .isEmpty();
    assertThat(
            Straggler.among(
                    List.of(
                        report(0, 9, false),
                        report(1, 1, true),
                        report(2, 5, true),
                        report(3, 1, true)),
                    List.of())
                .map(Straggler::worker))
        .as("it does not hide another one")
        .contains(2);
  }

  @Test
  void attemptThatWasOvertakenIsOneToo() {
    List<WorkerReport> reports = List.of(report(0, 1, true), report(1, 1.5, true));
    ExecutorLocation slow = new ExecutorLocation("slow", "7");
    assertThat(Straggler.among(reports, List.of(new OvertakenAttempt(1, slow, 1.9)))).isEmpty();
    assertThat(
            Straggler.among(
                reports,
                List.of(new OvertakenAttempt(1, slow, 4), new OvertakenAttempt(0, slow, 3))))
        .contains(new Straggler(1, slow, 4, Optional.empty(), 1));
  }

  private static WorkerReport report(int worker, double seconds, boolean warm) {
    return new WorkerReport(
        worker, 0, 1, 0, seconds / 4, 3 * seconds / 4, 0, warm, "host", "" + worker, List.of());
  }
}
