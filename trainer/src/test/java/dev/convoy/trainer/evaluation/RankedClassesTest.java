package dev.convoy.trainer.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.FloatRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** Classes by probability. */
final class RankedClassesTest {

  @Test
  void mostProbableComesFirstAndOfEqualsTheLowerIndex() {
    RankedClasses ranked = RankedClasses.of(new float[] {9, 9, 0.2f, 0.3f, 0.2f, 0.3f, 9}, 2, 4);
    assertThat(IntStream.range(0, 4).map(ranked::classAt)).containsExactly(1, 3, 0, 2);
    assertThat(IntStream.range(0, 4).map(ranked::rankOf)).containsExactly(2, 0, 3, 1);
  }

  @Test
  void classesThatTheNetworkLacksHaveNoRank() {
    RankedClasses ranked = RankedClasses.of(new float[] {1, 0}, 0, 2);
    assertThatThrownBy(() -> ranked.rankOf(2)).hasMessageContaining("class 2");
  }

  @Property(tries = 200)
  void ranksAreAPermutationInFallingOrder(
      @ForAll @Size(min = 1, max = 12) float @FloatRange(min = 0, max = 1) [] probabilities) {
    RankedClasses ranked = RankedClasses.of(probabilities, 0, probabilities.length);
    for (int rank = 0; rank < probabilities.length; rank++) {
      assertThat(ranked.rankOf(ranked.classAt(rank))).isEqualTo(rank);
      if (rank > 0) {
        assertThat(probabilities[ranked.classAt(rank)])
            .isLessThanOrEqualTo(probabilities[ranked.classAt(rank - 1)]);
      }
    }
  }
}
