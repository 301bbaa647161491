package dev.convoy.trainer.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.trainer.Travel;
import org.junit.jupiter.api.Test;

/** What an evaluation sends arrives as it was, whichever serializer Spark has. */
final class TravelTest {

  @Test
  void chunks() {
    EvaluationChunk chunk = new EvaluationChunk(1, 2, 0, 1000);
    Travel.check(chunk, EvaluationChunk.class, there -> assertThat(there).isEqualTo(chunk));
  }

  @Test
  void scores() {
    Travel.check(
        new ChunkScore[] {new ChunkScore(1, new int[] {0, 1}, new int[] {1, 1}, 2, 0.5)},
        ChunkScore[].class,
        there -> {
          assertThat(there).hasSize(1);
          assertThat(there[0].chunk()).isEqualTo(1);
          assertThat(there[0].labels()).containsExactly(0, 1);
          assertThat(there[0].predictions()).containsExactly(1, 1);
          assertThat(there[0].amongFive()).isEqualTo(2);
          assertThat(there[0].lossSum()).isEqualTo(0.5);
        });
  }
}
