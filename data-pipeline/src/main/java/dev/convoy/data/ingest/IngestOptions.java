package dev.convoy.data.ingest;

import dev.convoy.data.InvalidRequestException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * What to ingest, and how.
 *
 * @param input folder of images, in any Hadoop file system
 * @param output folder of the dataset, which may exist already
 * @param layout how the input's folders are read
 * @param validationShare share of the examples drawn for validation, 0 to below 1; with official
 *     splits it is drawn from train, and only where there is no official validation split
 * @param testShare the same for test
 * @param maxRejectShare the largest share of all image files that may be unreadable, 0 to 1
 * @param shardBytes encoded images per shard, at most; 1 KiB to 1 GiB
 */
public record IngestOptions(
    String input,
    String output,
    Layout layout,
    double validationShare,
    double testShare,
    double maxRejectShare,
    long shardBytes) {
  public static final double DEFAULT_MAX_REJECT_SHARE = 0.01;
  public static final long DEFAULT_SHARD_BYTES = 64L << 20;
  private static final long LEAST_SHARD_BYTES = 1L << 10;
  private static final long MOST_SHARD_BYTES = 1L << 30;

  public IngestOptions {
    Objects.requireNonNull(layout, "layout");
    List<String> problems = new ArrayList<>();
    if (input.isBlank()) {
      problems.add("the input is empty; give the folder of images");
    }
    if (output.isBlank()) {
      problems.add("the output is empty; give the folder of the dataset");
    }
    addUnlessShare(validationShare, "the validation share", problems);
    addUnlessShare(testShare, "the test share", problems);
    if (validationShare + testShare >= 1) {
      problems.add(
          "the shares of validation and test, "
              + validationShare
              + " and "
              + testShare
              + ", leave nothing to train on; together they must be below 1");
    }
    if (!(maxRejectShare >= 0 && maxRejectShare <= 1)) {
      problems.add(
          "the largest share of rejects is " + maxRejectShare + "; it must be from 0 to 1");
    }
    if (shardBytes < LEAST_SHARD_BYTES || shardBytes > MOST_SHARD_BYTES) {
      problems.add("the shard size is " + shardBytes + " bytes; it must be from 1 KiB to 1 GiB");
    }
    if (!problems.isEmpty()) {
      throw new InvalidRequestException("Cannot ingest: " + String.join("; ", problems));
    }
  }

  private static void addUnlessShare(double share, String what, List<String> problems) {
    if (!(share >= 0 && share < 1)) {
      problems.add(what + " is " + share + "; it must be at least 0 and below 1");
    }
  }

  /** Everything for training: no shares, shards of 64 MiB, at most 1% of rejects. */
  public static IngestOptions of(String input, String output) {
    return new IngestOptions(
        input, output, Layout.AUTO, 0, 0, DEFAULT_MAX_REJECT_SHARE, DEFAULT_SHARD_BYTES);
  }

  public IngestOptions withLayout(Layout changed) {
    return new IngestOptions(
        input, output, changed, validationShare, testShare, maxRejectShare, shardBytes);
  }

  public IngestOptions withShares(double validation, double test) {
    return new IngestOptions(input, output, layout, validation, test, maxRejectShare, shardBytes);
  }

  public IngestOptions withMaxRejectShare(double changed) {
    return new IngestOptions(
        input, output, layout, validationShare, testShare, changed, shardBytes);
  }

  public IngestOptions withShardBytes(long changed) {
    return new IngestOptions(
        input, output, layout, validationShare, testShare, maxRejectShare, changed);
  }
}
