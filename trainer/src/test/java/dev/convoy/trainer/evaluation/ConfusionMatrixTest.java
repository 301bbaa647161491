package dev.convoy.trainer.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class ConfusionMatrixTest {

  private static final List<String> CLASSES = List.of("a", "b", "c");

  @Test
  void theFiguresAreThoseOfTheBook() {
    ConfusionMatrix matrix =
        ConfusionMatrix.of(
            CLASSES,
            new int[] {0, 1, 0, 0, 1, 0, 0, 0, 1, 0, 0, 1, 0, 0},
            new int[] {0, 1, 1, 0, 0, 0, 0, 0, 1, 1, 0, 1, 0, 0});
    assertThat(matrix.count(0, 0)).isEqualTo(8);
    assertThat(matrix.count(0, 1)).isEqualTo(2);
    assertThat(matrix.count(2, 2)).isZero();
    assertThat(matrix.examples(0)).isEqualTo(10);
    assertThat(matrix.recall(0)).isEqualTo(0.8);
    assertThat(matrix.precision(1)).isEqualTo(0.6);
    assertThat(matrix.recall(2)).isNaN();
    assertThat(matrix.precision(2)).isNaN();
    assertThat(matrix.mostConfused(5))
        .containsExactly(
            new ConfusionMatrix.Confusion("a", "b", 2, 0.2),
            new ConfusionMatrix.Confusion("b", "a", 1, 0.25));
    assertThat(matrix.mostConfused(1)).hasSize(1);
    assertThat(matrix.entries())
        .isDeepEqualTo(new long[][] {{0, 0, 8}, {0, 1, 2}, {1, 0, 1}, {1, 1, 3}});
  }

  /** A matrix of all pairs would be 80 GB. */
  @Test
  void manyClassesTakeTheRoomOfTheirExamples() {
    int classes = 100_000;
    int[] labels = IntStream.range(0, classes).toArray();
    int[] predictions = IntStream.range(0, classes).map(i -> i / 2).toArray();
    ConfusionMatrix matrix =
        ConfusionMatrix.of(Collections.nCopies(classes, "name"), labels, predictions);
    assertThat(matrix.entries()).hasNumberOfRows(classes);
    assertThat(matrix.count(99_999, 49_999)).isEqualTo(1);
    assertThat(matrix.precision(0)).isEqualTo(0.5);
    assertThat(matrix.recall(1)).isZero();
  }

  @Test
  void whatIsNoClassIsRefused() {
    assertThatThrownBy(() -> ConfusionMatrix.of(CLASSES, new int[] {0}, new int[] {3}))
        .hasMessage("label 0 and prediction 3 of 3 classes");
    assertThatThrownBy(() -> ConfusionMatrix.of(CLASSES, new int[] {0, 1}, new int[] {0}))
        .hasMessage("2 labels for 1 predictions");
    assertThat(ConfusionMatrix.none().entries()).isEmpty();
  }
}
