package dev.convoy.trainer.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convoy.data.InvalidRequestException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class PassPlanTest {

  @Property(tries = 300)
  void everyBatchIsUsedOnceWhereItIsSent(
      @ForAll @IntRange(min = 1, max = 9) int workers,
      @ForAll @IntRange(min = 1, max = 9) int steps,
      @ForAll @IntRange(min = 1, max = 400) int batches) {
    PassPlan plan = new PassPlan(new AveragingSettings(workers, steps), batches);
    List<Integer> used = new ArrayList<>();
    for (int round = 0; round < plan.rounds(); round++) {
      int[] stepsOf = new int[workers];
      for (int worker = 0; worker < workers; worker++) {
        stepsOf[worker] = plan.steps(round, worker);
        for (int step = 0; step < stepsOf[worker]; step++) {
          int batch = plan.batch(round, worker, step);
          assertThat(plan.partition(batch)).isEqualTo(round * workers + worker);
          used.add(batch);
        }
      }
      int most = Arrays.stream(stepsOf).max().orElseThrow();
      int least = Arrays.stream(stepsOf).min().orElseThrow();
      assertThat(most).isPositive().isLessThanOrEqualTo(steps);
      boolean last = round == plan.rounds() - 1;
      assertThat(most - least).isLessThanOrEqualTo(last ? 1 : 0);
    }
    assertThat(used)
        .containsExactlyInAnyOrderElementsOf(IntStream.range(0, batches).boxed().toList());
  }

  @Test
  void examplesAreThoseOfTheWorkersBatches() {
    PassPlan plan = new PassPlan(new AveragingSettings(2, 2), 5);
    int[] examples = {1, 10, 100, 1000, 10_000};
    assertThat(plan.examples(0, examples)).containsExactly(101, 1010);
    assertThat(plan.examples(1, examples)).containsExactly(10_000, 0);
  }

  @Test
  void saysEverythingThatIsWrongWithTheSettings() {
    assertThatThrownBy(() -> ConvoyTrainingMaster.builder().stepsPerRound(-1).build())
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("workers is 0")
        .hasMessageContaining("stepsPerRound is -1")
        .hasMessageContaining("1 or more");
  }

  @Test
  void hugeWorkersAreNoOverflow() {
    AveragingSettings settings = new AveragingSettings(Integer.MAX_VALUE, Integer.MAX_VALUE);
    PassPlan plan = new PassPlan(settings, 3);
    assertThat(plan.rounds()).isEqualTo(1);
    assertThat(plan.partition(2)).isEqualTo(2);
    assertThat(plan.steps(0, 2)).isEqualTo(1);
    assertThat(plan.steps(0, 3)).isZero();
    assertThatThrownBy(
            () -> new PassPlan(new AveragingSettings(Integer.MAX_VALUE - 1, 1), Integer.MAX_VALUE))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("fewer workers");
  }
}
