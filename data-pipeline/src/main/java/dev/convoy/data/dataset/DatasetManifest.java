package dev.convoy.data.dataset;

import dev.convoy.data.storage.Sha256;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What one version of a dataset holds. Immutable; committing it is committing the version.
 *
 * @param formatVersion of the folder's layout, {@link #FORMAT_VERSION}
 * @param version name of the version's folder: NNNNN-FFFFFFFFFFFF, its number and the first 12
 *     digits of the fingerprint
 * @param fingerprint see {@link Fingerprint}
 * @param classes names of the classes in the order of their UTF-8 bytes; a label is an index here
 * @param counts examples per split and class, as many numbers as classes; every split is a key
 * @param shards in the order train, validation, test, and by number within a split
 * @param settings what decided the splits and the shards
 * @param images sizes and modes
 * @param source the folder that was ingested, for people to read
 * @param rejects how many image files could not be read and are listed in {@code rejects.csv}
 * @param created when the version was committed
 * @param codeVersion of Convoy that wrote it
 */
public record DatasetManifest(
    int formatVersion,
    String version,
    String fingerprint,
    List<String> classes,
    Map<Split, List<Long>> counts,
    List<ShardEntry> shards,
    IngestSettings settings,
    ImageStatistics images,
    String source,
    long rejects,
    Instant created,
    String codeVersion)
    implements Serializable {
  public static final int FORMAT_VERSION = 1;

  public DatasetManifest {
    classes = List.copyOf(classes);
    shards = List.copyOf(shards);
    EnumMap<Split, List<Long>> copied = new EnumMap<>(Split.class);
    counts.forEach((split, perClass) -> copied.put(split, List.copyOf(perClass)));
    counts = copied;
    List<String> problems = problems(classes, counts, shards);
    if (!VersionName.isValid(version) || !version.endsWith(VersionName.suffix(fingerprint))) {
      problems.add("version " + version + " does not fit the fingerprint " + fingerprint);
    }
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(
          "The manifest contradicts itself: " + String.join("; ", problems));
    }
  }

  private static List<String> problems(
      List<String> classes, Map<Split, List<Long>> counts, List<ShardEntry> shards) {
    List<String> problems = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (ShardEntry shard : shards) {
      if (!names.add(shard.file())) {
        problems.add(shard.file() + " is listed twice");
      }
    }
    if (new HashSet<>(classes).size() != classes.size()) {
      problems.add("a class is listed twice in " + classes);
    }
    for (Split split : Split.values()) {
      List<Long> perClass = counts.get(split);
      if (perClass == null || perClass.size() != classes.size()) {
        problems.add("the counts of " + split.word() + " are not one per class");
        continue;
      }
      long counted = perClass.stream().mapToLong(Long::longValue).sum();
      long held =
          shards.stream()
              .filter(shard -> shard.split() == split)
              .mapToLong(ShardEntry::examples)
              .sum();
      if (counted != held) {
        problems.add(split.word() + " counts " + counted + " examples, its shards hold " + held);
      }
    }
    return problems;
  }

  /** The split's shards in their order; none if the split is empty. */
  public List<ShardEntry> shards(Split split) {
    return shards.stream().filter(shard -> shard.split() == split).toList();
  }

  /**
   * The identity of what a plan is made of: which examples are in which split, shard and row. The
   * {@link Fingerprint} leaves that out.
   *
   * @return SHA-256 over file name (which names the split), examples and digest of each shard
   */
  public String layoutSha256() {
    MessageDigest digest = Sha256.digest();
    for (ShardEntry shard : shards) {
      String line = shard.file() + " " + shard.examples() + " " + shard.sha256() + "\n";
      digest.update(line.getBytes(StandardCharsets.UTF_8));
    }
    return Sha256.hex(digest.digest());
  }

  /** How many examples the split holds. */
  public long examples(Split split) {
    return shards(split).stream().mapToLong(ShardEntry::examples).sum();
  }

  /** Length of the split's shards together. */
  public long bytes(Split split) {
    return shards(split).stream().mapToLong(ShardEntry::bytes).sum();
  }

  /** How many examples of a class the split holds. */
  public long examples(Split split, int label) {
    return counts.get(split).get(label);
  }
}
