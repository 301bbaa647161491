package dev.convoy.trainer.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convoy.data.InvalidRequestException;
import dev.convoy.models.InputShape;
import dev.convoy.models.ModelSpec;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class RoundComparisonTest {

  private static final MeasuringLimits LIMITS = new MeasuringLimits(2, 5, Duration.ofSeconds(1));

  @Test
  void examplesFillEveryBatchOfEveryCase() {
    int examples = comparison(10, 3, 2, List.of(2, 3, 8)).examples();
    assertThat(examples).isGreaterThanOrEqualTo(8 * 2 * 3 * 7);
    assertThat(examples % (2 * 2)).isZero();
    assertThat(examples % (3 * 2)).isZero();
    assertThat(examples % (8 * 2)).isZero();
  }

  @Test
  void warmUpIsAsLongAsSixteenTasksTake() {
    RoundComparison comparison = comparison(10, 3, 2, List.of(1, 2, 3, 16, 64));
    assertThat(comparison.workers())
        .extracting(workers -> comparison.limits(workers).warmUps())
        .containsExactly(16, 8, 6, 2, 2);
    assertThat(comparison.limits(2).all()).isEqualTo(8 + 5);
  }

  @Test
  void everyClassHasAnExample() {
    assertThat(comparison(1000, 1, 1, List.of(2)).examples()).isEqualTo(1000);
  }

  @Test
  void whatWouldFillTheDiskIsRefused() {
    assertThatThrownBy(() -> comparison(10, 100_000, 16, List.of(16)).examples())
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("ask for fewer");
    assertThatThrownBy(() -> comparison(10, 5, 16, List.of(997, 1009, 1013, 1019)).examples())
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("divide each other");
    assertThatThrownBy(() -> comparison(10, 5, 16, List.of()))
        .hasMessageContaining("no number of workers");
  }

  private static RoundComparison comparison(
      int classes, int steps, int batch, List<Integer> workers) {
    ModelSpec model = ModelSpec.of("lenet", new InputShape(1, 28, 28), classes);
    return new RoundComparison(model, workers, steps, batch, LIMITS);
  }
}
