package dev.convoy.models.benchmark;

import dev.convoy.models.engine.OperationTime;
import dev.convoy.models.engine.ir.Operation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Times of single operations, and what they come to. */
public final class OperationProfile {
  private static final int RUNS = 5;
  private static final int LINES = 15;
  private static final double MILLISECOND = 1e-6;

  private OperationProfile() {}

  static List<OperationTime> best(Supplier<List<OperationTime>> run) {
    List<OperationTime> best = run.get();
    for (int i = 1; i < RUNS; i++) {
      List<OperationTime> again = run.get();
      List<OperationTime> lower = new ArrayList<>();
      for (int k = 0; k < best.size(); k++) {
        boolean faster = again.get(k).nanoseconds() < best.get(k).nanoseconds();
        lower.add(faster ? again.get(k) : best.get(k));
      }
      best = lower;
    }
    return best;
  }

  /**
   * A table by kind of operation, and the slowest single ones.
   *
   * @param times of a step's operations
   * @param alone of some kinds of them by themselves, or none; a column of the table
   */
  public static String render(List<OperationTime> times, List<OperationTime> alone) {
    double total = milliseconds(times);
    Map<String, List<OperationTime>> kinds = byKind(times);
    Map<String, List<OperationTime>> kindsAlone = byKind(alone);
    String heading = "%-28s %6s %10s %6s".formatted("operation", "count", "ms", "%");
    StringBuilder text =
        new StringBuilder(alone.isEmpty() ? heading : heading + " %10s".formatted("alone, ms"));
    kinds.entrySet().stream()
        .sorted(Comparator.comparingDouble(kind -> -milliseconds(kind.getValue())))
        .forEach(
            kind -> {
              double spent = milliseconds(kind.getValue());
              text.append(
                  "%n%-28s %6d %10.3f %6.1f"
                      .formatted(
                          kind.getKey(), kind.getValue().size(), spent, 100 * spent / total));
              if (kindsAlone.containsKey(kind.getKey())) {
                text.append(" %10.3f".formatted(milliseconds(kindsAlone.get(kind.getKey()))));
              }
            });
    text.append("%n%-28s %6d %10.3f%n".formatted("all", times.size(), total));
    times.stream()
        .sorted(Comparator.comparingLong(time -> -time.nanoseconds()))
        .limit(LINES)
        .forEach(
            time ->
                text.append(
                    "%n%10.3f ms  %s"
                        .formatted(time.nanoseconds() * MILLISECOND, describe(time.operation()))));
    return text.toString();
  }

  private static Map<String, List<OperationTime>> byKind(List<OperationTime> times) {
    return times.stream()
        .collect(Collectors.groupingBy(time -> time.operation().op().getClass().getSimpleName()));
  }

  private static double milliseconds(List<OperationTime> times) {
    return times.stream().mapToLong(OperationTime::nanoseconds).sum() * MILLISECOND;
  }

  private static String describe(Operation operation) {
    return operation.op().getClass().getSimpleName()
        + " "
        + operation.output(0).name()
        + " "
        + operation.inputs().stream().map(v -> v.type().toString()).toList();
  }
}
