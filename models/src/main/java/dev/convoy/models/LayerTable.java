package dev.convoy.models;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** A network layer by layer, for people. */
final class LayerTable {
  private static final List<String> HEADINGS =
      List.of("layer", "kind", "output", "parameters", "multiply-adds", "field", "bytes");

  /** Columns from here on are numbers, which end at the same place. */
  private static final int FIRST_NUMBER = 3;

  private LayerTable() {}

  static String of(ModelSummary summary) {
    List<List<String>> rows = new ArrayList<>(List.of(HEADINGS));
    summary.layers().forEach(layer -> rows.add(row(layer)));
    StringBuilder text = new StringBuilder();
    List<Integer> widths = widths(rows);
    rows.forEach(row -> text.append(line(row, widths)).append(System.lineSeparator()));
    text.append(
        String.format(
            "%s: input %s, %s trainable parameters, %s multiply-adds for one example%n",
            summary.name(),
            summary.input(),
            grouped(summary.parameters()),
            grouped(summary.multiplyAdds())));
    if (summary.auxiliaryMultiplyAdds() > 0) {
      text.append(
          String.format(
              "Auxiliary outputs, for training only, take %s multiply-adds more.%n",
              grouped(summary.auxiliaryMultiplyAdds())));
    }
    text.append(
        String.format(
            "In float32 the parameters take %s bytes and the outputs of all layers for one example"
                + " %s.%n",
            grouped(Float.BYTES * summary.parameters()), grouped(summary.outputBytes())));
    return text.toString();
  }

  private static List<String> row(LayerSummary layer) {
    return List.of(
        layer.name(),
        layer.kind(),
        layer.outputShape().stream().map(String::valueOf).collect(Collectors.joining("x")),
        count(layer.parameters()),
        count(layer.multiplyAdds()),
        layer.receptiveField().toString(),
        grouped(layer.outputBytes()));
  }

  private static List<Integer> widths(List<List<String>> rows) {
    List<Integer> widths = new ArrayList<>();
    for (int column = 0; column < HEADINGS.size(); column++) {
      int at = column;
      widths.add(rows.stream().mapToInt(row -> row.get(at).length()).max().orElse(0));
    }
    return widths;
  }

  private static String line(List<String> row, List<Integer> widths) {
    StringBuilder line = new StringBuilder();
    for (int column = 0; column < row.size(); column++) {
      String format = "%" + (column < FIRST_NUMBER ? "-" : "") + widths.get(column) + "s";
      line.append(column == 0 ? "" : "  ").append(String.format(format, row.get(column)));
    }
    return line.toString();
  }

  private static String count(long number) {
    return number == 0 ? "" : grouped(number);
  }

  private static String grouped(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }
}
