package dev.convoy.trainer.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.convoy.trainer.config.Configurations;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class LearningRateScheduleTest {
  private static final Offset<Double> ROUNDING = within(1e-15);

  private static LearningRateSchedule schedule(String... overrides) {
    return LearningRateSchedule.of(
        Configurations.load(
            """
            dataset: d
            run: r
            epochs: 90
            workers: 8
            batch: 32
            model: {name: lenet}
            optimizer: {learning_rate: 0.1}
            """,
            List.of(overrides)));
  }

  @ParameterizedTest
  @CsvSource({"0, 0.1", "45.5, 0.1", "90, 0.1"})
  void constantStays(double epochs, double rate) {
    assertThat(schedule().at(epochs)).isEqualTo(rate);
  }

  @ParameterizedTest
  @CsvSource({"0, 0.1", "29.999, 0.1", "30, 0.01", "59.999, 0.01", "60, 0.001", "90, 0.0001"})
  void stepFallsAtEveryInterval(double epochs, double rate) {
    assertThat(schedule("schedule={kind: step, every_epochs: 30, factor: 0.1}").at(epochs))
        .isCloseTo(rate, ROUNDING);
  }

  @ParameterizedTest
  @CsvSource({"0, 0.1", "29.99, 0.1", "30, 0.05", "79, 0.025", "80.5, 0.0125", "90, 0.0125"})
  void multiStepFallsAtItsMilestones(double epochs, double rate) {
    assertThat(
            schedule("schedule={kind: multi_step, milestones: [30, 60, 80.5], factor: 0.5}")
                .at(epochs))
        .isCloseTo(rate, ROUNDING);
  }

  @ParameterizedTest
  // 0.02 + 0.08 * (1 - e/90)^2
  @CsvSource({"0, 0.1", "45, 0.04", "67.5, 0.025", "90, 0.02", "1000, 0.02"})
  void polynomialFallsToItsEnd(double epochs, double rate) {
    assertThat(
            schedule("schedule={kind: polynomial, power: 2, end_learning_rate: 0.02}").at(epochs))
        .isCloseTo(rate, ROUNDING);
  }

  @ParameterizedTest
  // 0.05 * (1 + cos(pi e/90)): cos 60 degrees = 1/2, cos 90 = 0, cos 120 = -1/2
  @CsvSource({"0, 0.1", "30, 0.075", "45, 0.05", "60, 0.025", "90, 0"})
  void cosineFallsToZero(double epochs, double rate) {
    assertThat(schedule("schedule={kind: cosine}").at(epochs)).isCloseTo(rate, ROUNDING);
  }

  /** ImageNet in 1 hour: 0.1 per 256 examples, 8192 at a time, five epochs of warm-up. */
  @ParameterizedTest
  @CsvSource({"0, 0.1", "2.5, 1.65", "4, 2.58", "5, 3.2", "29.9, 3.2", "30, 0.32", "80, 0.0032"})
  void goyalsScheduleIsTheirs(double epochs, double rate) {
    assertThat(
            schedule(
                    "workers=256",
                    "optimizer.linear_scaling.reference_batch=256",
                    "schedule={kind: multi_step, milestones: [30, 60, 80], warmup_epochs: 5}")
                .at(epochs))
        .isCloseTo(rate, within(1e-14));
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "1, 0.02", "4, 0.08", "5, 0.1", "6, 0.1"})
  void warmUpWithoutScalingClimbsFromZero(double epochs, double rate) {
    assertThat(schedule("schedule.warmup_epochs=5").at(epochs)).isCloseTo(rate, ROUNDING);
  }

  @Test
  void warmUpMeetsTheScheduleWhereItEnds() {
    LearningRateSchedule schedule = schedule("schedule={kind: cosine, warmup_epochs: 30}");
    assertThat(schedule.at(15)).isCloseTo(0.0375, ROUNDING);
    assertThat(schedule.at(Math.nextDown(30.0))).isCloseTo(0.075, ROUNDING);
    assertThat(schedule.at(30)).isCloseTo(0.075, ROUNDING);
  }

  @Test
  void scalingSaysWhatItDid() {
    LearningRateSchedule scaled =
        schedule(
            "workers=32",
            "optimizer.linear_scaling.reference_batch=256",
            "schedule={kind: cosine, warmup_epochs: 5}");
    assertThat(scaled.baseLearningRate()).isEqualTo(0.4);
    assertThat(scaled.explanation())
        .startsWith(
            "learning rate 0.4 = 0.1 x 4.0 (linear scaling: global batch 1024 / reference batch"
                + " 256), falling to 0.0 over 90 epochs along a cosine, warm-up from 0.1 to 0.39")
        .endsWith("over 5.0 epochs");
    assertThat(schedule().explanation()).isEqualTo("learning rate 0.1, constant");
  }

  @Test
  void aSmallerBatchThanTheReferenceWarmsUpFromZero() {
    LearningRateSchedule smaller =
        schedule(
            "optimizer.linear_scaling.reference_batch=512",
            "schedule={kind: constant, warmup_epochs: 4}");
    assertThat(smaller.at(0)).isZero();
    assertThat(smaller.at(2)).isEqualTo(0.025);
    assertThat(smaller.at(4)).isEqualTo(0.05);
  }

  @ParameterizedTest
  @CsvSource({"-0.1", "NaN"})
  void impossibleProgressIsRefused(double epochs) {
    LearningRateSchedule schedule = schedule();
    assertThatThrownBy(() -> schedule.at(epochs))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(String.valueOf(epochs));
  }

  @Property(tries = 300)
  void ratesClimbInWarmUpThenNeverClimbAgain(
      @ForAll @DoubleRange(max = 95) double first, @ForAll @DoubleRange(max = 95) double second) {
    double earlier = Math.min(first, second);
    double later = Math.max(first, second);
    for (String kind :
        List.of(
            "{kind: constant, warmup_epochs: 10}",
            "{kind: step, every_epochs: 7.5, warmup_epochs: 10}",
            "{kind: multi_step, milestones: [8, 20, 70], warmup_epochs: 10}",
            "{kind: polynomial, power: 0.9, end_learning_rate: 0.01, warmup_epochs: 10}",
            "{kind: cosine, end_learning_rate: 0.01, warmup_epochs: 10}")) {
      LearningRateSchedule schedule =
          schedule("schedule=" + kind, "optimizer.linear_scaling.reference_batch=64");
      if (later < 10) {
        assertThat(schedule.at(earlier)).as(kind).isLessThanOrEqualTo(schedule.at(later));
      } else if (earlier >= 10) {
        assertThat(schedule.at(earlier)).as(kind).isGreaterThanOrEqualTo(schedule.at(later));
      }
      assertThat(schedule.at(first)).as(kind).isBetween(0.0, schedule.baseLearningRate());
    }
  }
}
