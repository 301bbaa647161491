package dev.convoy.data.ingest;

import dev.convoy.data.BadDataException;
import dev.convoy.data.dataset.Split;
import dev.convoy.data.dataset.Utf8Order;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The classes of a set of examples, and how many each split has of each. */
final class ClassTable {
  private static final int MOST_NAMED = 5;

  private final List<String> classes;
  private final Map<Split, List<Long>> counts;

  private ClassTable(List<String> classes, Map<Split, List<Long>> counts) {
    this.classes = classes;
    this.counts = counts;
  }

  static ClassTable of(Iterable<String> ids, TreeLayout layout, SplitRule rule) {
    Map<String, Map<Split, Long>> perClass = new TreeMap<>(Utf8Order.COMPARATOR);
    for (String id : ids) {
      perClass
          .computeIfAbsent(layout.className(id), name -> new EnumMap<>(Split.class))
          .merge(rule.of(id), 1L, Long::sum);
    }
    List<String> classes = List.copyOf(perClass.keySet());
    Map<Split, List<Long>> counts = new EnumMap<>(Split.class);
    for (Split split : Split.values()) {
      counts.put(split, perClass.values().stream().map(c -> c.getOrDefault(split, 0L)).toList());
    }
    return new ClassTable(classes, counts);
  }

  List<String> classes() {
    return classes;
  }

  Map<Split, List<Long>> counts() {
    return counts;
  }

  /**
   * Makes sure that one can train on it.
   *
   * @param place the input, for the message
   * @throws BadDataException if there are fewer than two classes, nothing to train on, or classes
   *     of an official split that train lacks
   */
  void check(String place, TreeLayout layout) {
    List<String> problems = new ArrayList<>();
    if (classes.size() < 2) {
      problems.add(
          classes.isEmpty()
              ? "it holds no readable image"
              : "it holds one class only, " + classes.get(0) + "; there must be at least two");
    }
    if (layout.hasOfficialSplits()) {
      Map<String, String> trained = trained();
      for (Split split : List.of(Split.VALIDATION, Split.TEST)) {
        List<String> foreign = missingFromTrain(split);
        if (!foreign.isEmpty()) {
          problems.add(
              "its split "
                  + split.word()
                  + " has classes that train lacks: "
                  + foreign.stream()
                      .map(name -> besideLookAlike(name, trained))
                      .collect(Collectors.joining(", ")));
        }
      }
    }
    if (problems.isEmpty() && total(Split.TRAIN) == 0) {
      problems.add("all of its examples were drawn for validation or test; lower their shares");
    }
    if (!problems.isEmpty()) {
      throw new BadDataException(
          "The input " + place + " cannot be trained on: " + String.join("; ", problems));
    }
  }

  /** What is allowed but probably not meant. */
  List<String> warnings(SplitRule rule) {
    List<String> warnings = new ArrayList<>();
    List<String> untrained = without(Split.TRAIN);
    if (!untrained.isEmpty()) {
      warnings.add("No example to train on is left for " + String.join(", ", untrained));
    }
    if (rule.validationShare() > 0 && total(Split.VALIDATION) == 0) {
      warnings.add("The split validation is empty: there are too few images for its share");
    }
    if (rule.testShare() > 0 && total(Split.TEST) == 0) {
      warnings.add("The split test is empty: there are too few images for its share");
    }
    for (Split split : Arrays.asList(Split.VALIDATION, Split.TEST)) {
      List<String> absent = without(split);
      if (total(split) > 0 && !absent.isEmpty()) {
        warnings.add("The split " + split.word() + " has no example of " + shortened(absent));
      }
    }
    warnings.addAll(warningsOfLookAlikes());
    return warnings;
  }

  private List<String> warningsOfLookAlikes() {
    List<LookAlikes> groups = LookAlikes.among(classes);
    List<String> warnings = new ArrayList<>();
    for (LookAlikes group : groups.subList(0, Math.min(MOST_NAMED, groups.size()))) {
      warnings.add(
          "The classes %s look alike, but are different: their names differ in %s"
              .formatted(shortened(group.shown()), group.difference()));
    }
    if (groups.size() > MOST_NAMED) {
      warnings.add(
          "Classes look alike, but are different, in %d more groups"
              .formatted(groups.size() - MOST_NAMED));
    }
    return warnings;
  }

  /** Classes that were found by their names, but not one of whose images could be read. */
  List<String> warningsOfLost(ClassTable found) {
    return found.classes.stream()
        .filter(name -> !classes.contains(name))
        .map(
            name ->
                "No image of the class " + name + " could be read; the dataset has no such class")
        .toList();
  }

  /** The classes that train has, by what they look like. */
  private Map<String, String> trained() {
    Map<String, String> trained = new HashMap<>();
    for (int i = 0; i < classes.size(); i++) {
      if (counts.get(Split.TRAIN).get(i) > 0) {
        trained.putIfAbsent(LookAlikes.key(classes.get(i)), classes.get(i));
      }
    }
    return trained;
  }

  /** A class that train lacks, and the one there that was probably meant. */
  private static String besideLookAlike(String foreign, Map<String, String> trained) {
    String meant = trained.get(LookAlikes.key(foreign));
    if (meant == null) {
      return foreign;
    }
    LookAlikes both = new LookAlikes(List.of(foreign, meant));
    return "%s (train has %s, which differs in %s)"
        .formatted(both.shown().get(0), both.shown().get(1), both.difference());
  }

  private List<String> missingFromTrain(Split split) {
    List<String> missing = new ArrayList<>();
    for (int i = 0; i < classes.size(); i++) {
      if (counts.get(split).get(i) > 0 && counts.get(Split.TRAIN).get(i) == 0) {
        missing.add(classes.get(i));
      }
    }
    return missing;
  }

  private List<String> without(Split split) {
    List<String> absent = new ArrayList<>();
    for (int i = 0; i < classes.size(); i++) {
      if (counts.get(split).get(i) == 0) {
        absent.add(classes.get(i));
      }
    }
    return absent;
  }

  private long total(Split split) {
    return counts.get(split).stream().mapToLong(Long::longValue).sum();
  }

  private static String shortened(List<String> names) {
    return names.size() <= MOST_NAMED
        ? String.join(", ", names)
        : String.join(", ", names.subList(0, MOST_NAMED))
            + " and "
            + (names.size() - MOST_NAMED)
            + " more";
  }
}
