package dev.convoy.data.dataset;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a version of a dataset holds, for people ({@link #text}) and, as a record, for JSON.
 *
 * @param location the dataset's folder
 * @param version the one described
 * @param versions all that are there, oldest first
 * @param fingerprint of the content
 * @param classes names with counts
 * @param splits shards and sizes
 * @param images sizes and modes
 * @param rejects image files that could not be read
 * @param source what was ingested
 * @param created when, ISO 8601
 * @param codeVersion of Convoy that wrote it
 */
public record DatasetSummary(
    String location,
    String version,
    List<String> versions,
    String fingerprint,
    List<ClassCount> classes,
    List<SplitSize> splits,
    ImageStatistics images,
    long rejects,
    String source,
    String created,
    String codeVersion) {

  /** One class, and how many examples each split holds of it. */
  public record ClassCount(int label, String name, Map<Split, Long> examples) {}

  /** One split: examples, shards, and the length of the shards together. */
  public record SplitSize(Split split, long examples, int shards, long bytes) {}

  static DatasetSummary of(Dataset dataset) {
    DatasetManifest manifest = dataset.manifest();
    List<ClassCount> classes = new ArrayList<>();
    for (int label = 0; label < manifest.classes().size(); label++) {
      Map<Split, Long> examples = new EnumMap<>(Split.class);
      for (Split split : Split.values()) {
        examples.put(split, manifest.examples(split, label));
      }
      classes.add(new ClassCount(label, manifest.classes().get(label), examples));
    }
    List<SplitSize> splits = new ArrayList<>();
    for (Split split : Split.values()) {
      splits.add(
          new SplitSize(
              split,
              manifest.examples(split),
              manifest.shards(split).size(),
              manifest.bytes(split)));
    }
    return new DatasetSummary(
        dataset.location(),
        manifest.version(),
        dataset.versions(),
        manifest.fingerprint(),
        classes,
        splits,
        manifest.images(),
        manifest.rejects(),
        manifest.source(),
        manifest.created().toString(),
        manifest.codeVersion());
  }

  /** Plain text of several lines, ending with a line break. */
  public String text() {
    StringBuilder text = new StringBuilder();
    line(text, "dataset      %s", location);
    line(text, "version      %s (of %s)", version, String.join(", ", versions));
    line(text, "fingerprint  %s", fingerprint);
    line(text, "ingested     %s from %s by Convoy %s", created, source, codeVersion);
    line(
        text,
        "images       %s wide, %s high; %d grey, %d colour; %s encoded",
        range(images.minWidth(), images.maxWidth()),
        range(images.minHeight(), images.maxHeight()),
        images.grey(),
        images.colour(),
        size(images.encodedBytes()));
    line(text, "rejects      %d", rejects);
    line(text, "");
    line(text, "%-12s %10s %8s %12s", "split", "examples", "shards", "size");
    for (SplitSize split : splits) {
      line(
          text,
          "%-12s %10d %8d %12s",
          split.split().word(),
          split.examples(),
          split.shards(),
          size(split.bytes()));
    }
    line(text, "");
    line(text, "%5s %10s %10s %10s  %s", "label", "train", "validation", "test", "class");
    for (ClassCount count : classes) {
      line(
          text,
          "%5d %10d %10d %10d  %s",
          count.label(),
          count.examples().get(Split.TRAIN),
          count.examples().get(Split.VALIDATION),
          count.examples().get(Split.TEST),
          count.name());
    }
    return text.toString();
  }

  private static void line(StringBuilder text, String format, Object... values) {
    text.append(String.format(Locale.ROOT, format, values)).append('\n');
  }

  private static String range(int from, int to) {
    return from == to ? Integer.toString(from) : from + " to " + to;
  }

  private static String size(long bytes) {
    if (bytes < 1 << 10) {
      return bytes + " B";
    }
    String[] units = {"KiB", "MiB", "GiB", "TiB"};
    double value = bytes / 1024.0;
    int unit = 0;
    while (value >= 1024 && unit < units.length - 1) {
      value /= 1024;
      unit++;
    }
    return String.format(Locale.ROOT, "%.1f %s", value, units[unit]);
  }
}
