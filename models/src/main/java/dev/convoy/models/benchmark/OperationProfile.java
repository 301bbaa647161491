package dev.convoy.models.benchmark;

import dev.convoy.models.engine.OperationTime;
import dev.convoy.models.engine.ir.Operation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

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

  /** A table by kind of operation, and the slowest single ones. */
  public static String render(List<OperationTime> times) {
    double total = times.stream().mapToLong(OperationTime::nanoseconds).sum() * MILLISECOND;
    Map<String, double[]> kinds = new LinkedHashMap<>();
    for (OperationTime time : times) {
      String kind = time.operation().op().getClass().getSimpleName();
      double[] row = kinds.computeIfAbsent(kind, key -> new double[2]);
      row[0] += time.nanoseconds() * MILLISECOND;
      row[1]++;
    }
    StringBuilder text =
        new StringBuilder("%-28s %6s %10s %6s".formatted("operation", "count", "ms", "%"));
    kinds.entrySet().stream()
        .sorted(Comparator.comparingDouble(entry -> -entry.getValue()[0]))
        .forEach(
            entry ->
                text.append(
                    "%n%-28s %6.0f %10.3f %6.1f"
                        .formatted(
                            entry.getKey(),
                            entry.getValue()[1],
                            entry.getValue()[0],
                            100 * entry.getValue()[0] / total)));
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

  private static String describe(Operation operation) {
    return operation.op().getClass().getSimpleName()
        + " "
        + operation.output(0).name()
        + " "
        + operation.inputs().stream().map(v -> v.type().toString()).toList();
  }
}
