package dev.convoy.data.dataset;

import java.io.Serializable;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * One shard as the manifest lists it.
 *
 * @param split what its examples are for
 * @param file its name in the version's folder
 * @param examples how many it holds, at least one
 * @param bytes length of the file
 * @param sha256 of the whole file, 64 lower-case hexadecimal digits
 */
public record ShardEntry(Split split, String file, int examples, long bytes, String sha256)
    implements Serializable {
  private static final Pattern FILE = Pattern.compile("(train|validation|test)-\\d{5,}\\.parquet");
  private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");

  public ShardEntry {
    Objects.requireNonNull(split, "split");
    if (!FILE.matcher(file).matches() || !file.startsWith(split.word() + "-")) {
      throw new IllegalArgumentException(
          "'" + file + "' is no shard of " + split.word() + "; it must be SPLIT-NNNNN.parquet");
    }
    if (examples < 1 || bytes < 1) {
      throw new IllegalArgumentException(
          file + " has " + examples + " examples in " + bytes + " bytes; both must be positive");
    }
    if (!DIGEST.matcher(sha256).matches()) {
      throw new IllegalArgumentException(
          "'" + sha256 + "' is no SHA-256; it must be 64 lower-case hexadecimal digits");
    }
  }

  /** The name of a split's shard, counted from 0. */
  public static String fileName(Split split, int index) {
    return String.format(java.util.Locale.ROOT, "%s-%05d.parquet", split.word(), index);
  }
}
