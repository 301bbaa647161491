package dev.convoy.trainer.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class SlotTimesTest {

  private static final Map<Long, Double> SECONDS =
      Map.of(1L, 1.0, 2L, 0.2, 3L, 0.3, 4L, 0.4, 5L, 0.5);

  @Test
  void workersThatRanOneAfterAnotherCountTheirSum() {
    List<TaskSpan> tasks = List.of(task(2, "a", 0, 10), task(3, "a", 10, 20), task(5, "b", 0, 18));
    assertThat(SlotTimes.slowest(tasks, SECONDS, 1)).isCloseTo(0.5, within(1e-12));
    assertThat(SlotTimes.slowest(tasks.subList(0, 2), SECONDS, 1)).isCloseTo(0.5, within(1e-12));
  }

  @Test
  void aSlotTakesTheNextTaskEvenBeforeTheDriverHasTheResultOfTheLast() {
    // Spark gives the slot away before it has fetched a large result.
    List<TaskSpan> tasks = List.of(task(3, "a", 0, 30), task(4, "a", 12, 40));
    assertThat(SlotTimes.slowest(tasks, SECONDS, 1)).isCloseTo(0.7, within(1e-12));
  }

  @Test
  void tasksOfOneExecutorAreDealtToItsSlots() {
    List<TaskSpan> tasks =
        List.of(
            task(1, "a", 0, 100), task(2, "a", 1, 20), task(3, "a", 20, 50), task(4, "a", 50, 90));
    assertThat(SlotTimes.slowest(tasks, SECONDS, 2)).isCloseTo(1.0, within(1e-12));
    assertThat(SlotTimes.slowest(tasks.subList(1, 4), SECONDS, 2)).isCloseTo(0.6, within(1e-12));
  }

  private static TaskSpan task(long id, String executor, long launched, long finished) {
    return new TaskSpan(id, 0, 0, executor, launched, finished);
  }
}
