package dev.convoy.trainer.benchmark;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which slot of its executor a task ran in, which Spark does not say: tasks are dealt, in the order
 * in which they were launched, to the slot that has been free for longest.
 */
final class SlotTimes {

  private SlotTimes() {}

  /**
   * The seconds in steps of the slot that made most of them; a slot that ran several workers one
   * after another counts their sum.
   *
   * @param tasks those that made steps
   * @param secondsOfTask in steps, by {@link TaskSpan#task}
   * @param slots of each executor
   */
  static double slowest(List<TaskSpan> tasks, Map<Long, Double> secondsOfTask, int slots) {
    Map<String, List<Slot>> executors = new HashMap<>();
    double slowest = 0;
    for (TaskSpan task :
        tasks.stream().sorted(Comparator.comparingLong(TaskSpan::launched)).toList()) {
      List<Slot> there =
          executors.computeIfAbsent(
              task.executor(),
              name -> {
                List<Slot> free = new ArrayList<>();
                for (int i = 0; i < slots; i++) {
                  free.add(new Slot());
                }
                return free;
              });
      Slot slot = there.stream().min(Comparator.comparingLong(s -> s.freeSince)).orElseThrow();
      slot.freeSince = task.finished();
      slot.seconds += secondsOfTask.getOrDefault(task.task(), 0.0);
      slowest = Math.max(slowest, slot.seconds);
    }
    return slowest;
  }

  private static final class Slot {
    private long freeSince;
    private double seconds;
  }
}
