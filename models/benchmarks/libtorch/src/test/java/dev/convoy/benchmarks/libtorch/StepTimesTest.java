package dev.convoy.benchmarks.libtorch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class StepTimesTest {

  /** Steps of 10 ms, but every third of 50 ms; counts them. */
  private static final class Sleeping implements Step {
    private int runs;

    @Override
    public void run() {
      long until = System.nanoTime() + (++runs % 3 == 0 ? 50_000_000L : 10_000_000L);
      while (System.nanoTime() < until) {
        Thread.onSpinWait();
      }
    }

    @Override
    public void check() {
      assertThat(runs).isPositive();
    }

    @Override
    public void close() {}
  }

  @Test
  void warmsUpThenTimesEachStepByItself() {
    Sleeping step = new Sleeping();
    StepTimes times = StepTimes.measure(step, new Budget(9, 60));
    assertThat(times.count()).isEqualTo(9);
    assertThat(step.runs).isGreaterThan(9 + 2);
    assertThat(times.shortest()).isBetween(0.010, times.median());
    assertThat(times.median()).isLessThan(0.045);
    assertThat(times.longest()).isGreaterThanOrEqualTo(0.050);
  }

  @Test
  void stopsAtTheSecondsButNotBeforeThreeSteps() {
    assertThat(StepTimes.measure(new Sleeping(), new Budget(1000, 0.001)).count()).isEqualTo(3);
  }

  @Test
  void refusesABudgetWithoutSense() {
    assertThatThrownBy(() -> new Budget(2, 1)).hasMessageContaining("at least 3");
    assertThatThrownBy(() -> new Budget(3, 0)).hasMessageContaining("above 0");
  }
}
