package dev.convoy.data.ingest;

import dev.convoy.data.BadDataException;
import dev.convoy.data.dataset.Utf8Order;
import dev.convoy.data.storage.Storage;
import dev.convoy.data.storage.UnreadableFile;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * The first pass: reads and decodes every file once. It goes in waves of some tasks per core, so
 * that an input with too many rejects ends early.
 */
final class Scan {
  private static final int TASKS_PER_CORE_AND_WAVE = 8;
  private static final int SHOWN_REJECTS = 5;

  private final JavaSparkContext spark;
  private final Storage root;
  private final double maxRejectShare;
  private final int filesPerTask;

  Scan(JavaSparkContext spark, Storage root, double maxRejectShare, int filesPerTask) {
    this.spark = spark;
    this.root = root;
    this.maxRejectShare = maxRejectShare;
    this.filesPerTask = filesPerTask;
  }

  /**
   * All images and rejects, each in the order of ids.
   *
   * @throws BadDataException if there are more rejects than allowed
   */
  ScanResult run(SourceTree.Found found) {
    ScanResult result = ScanResult.empty();
    result.rejects().addAll(found.rejects());
    List<byte[]> tasks = new ArrayList<>();
    for (int from = 0; from < found.ids().size(); from += filesPerTask) {
      int to = Math.min(from + filesPerTask, found.ids().size());
      tasks.add(Parcel.pack(new ArrayList<>(found.ids().subList(from, to))));
    }
    int wave = Math.max(1, spark.defaultParallelism()) * TASKS_PER_CORE_AND_WAVE;
    checkRejects(result, found);
    for (int from = 0; from < tasks.size(); from += wave) {
      List<byte[]> these = tasks.subList(from, Math.min(from + wave, tasks.size()));
      spark
          .parallelize(new ArrayList<>(these), these.size())
          .map(new ScanTask(root))
          .collect()
          .forEach(packed -> result.addAll(Parcel.unpack(packed, ScanResult.class)));
      checkRejects(result, found);
    }
    result.images().sort(Comparator.comparing(ScannedImage::id, Utf8Order.COMPARATOR));
    result.rejects().sort(Comparator.comparing(Reject::path, Utf8Order.COMPARATOR));
    return result;
  }

  private void checkRejects(ScanResult soFar, SourceTree.Found found) {
    int listed = found.ids().size() + found.rejects().size();
    int rejected = soFar.rejects().size();
    if (rejected <= maxRejectShare * listed) {
      return;
    }
    int seen = rejected + soFar.images().size();
    String shown =
        soFar.rejects().stream()
            .sorted(Comparator.comparing(Reject::path, Utf8Order.COMPARATOR))
            .limit(SHOWN_REJECTS)
            .map(reject -> reject.path() + " (" + reject.reason() + ")")
            .collect(Collectors.joining(", "));
    throw new BadDataException(
        String.format(
            Locale.ROOT,
            "%d of %d image files cannot be read (%.2f%%%s), more than the allowed %.2f%%: %s%s;"
                + " mend or remove them, or allow a larger share of rejects%s. Nothing was written",
            rejected,
            listed,
            100.0 * rejected / listed,
            seen < listed ? ", with " + (listed - seen) + " not looked at" : "",
            100.0 * maxRejectShare,
            shown,
            rejected > SHOWN_REJECTS ? ", ..." : "",
            isElsewhere(soFar, found)
                ? "; executors on other machines look for "
                    + root
                    + " on their own disks: give an input on s3a:, hdfs:, or a folder that is"
                    + " mounted on all machines"
                : ""));
  }

  /** Whether the driver listed local files of which the executors have not seen one. */
  private boolean isElsewhere(ScanResult soFar, SourceTree.Found found) {
    int lookedAt = soFar.images().size() + soFar.rejects().size() - found.rejects().size();
    long absent =
        soFar.rejects().stream()
            .filter(reject -> reject.reason().equals(UnreadableFile.ABSENT))
            .count();
    return lookedAt > 0 && absent == lookedAt && root.location().startsWith("file:");
  }
}
