package dev.convoy.data.ingest;

import dev.convoy.data.BadDataException;
import dev.convoy.data.dataset.DatasetVersions;
import dev.convoy.data.dataset.VersionName;
import dev.convoy.data.storage.Storage;
import dev.convoy.data.storage.StoredFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The right to write one version of a dataset: the file {@code versions/NNNNN.claim}. Where a store
 * has no exclusive create, two claims can both seem to succeed; {@link #check} then tells all but
 * the last writer, and shards that were mixed up would fail their checksums.
 */
final class VersionClaim {
  private static final Logger LOG = LoggerFactory.getLogger(VersionClaim.class);
  private static final String SUFFIX = ".claim";
  private static final Duration ABANDONED_AFTER = Duration.ofDays(1);

  private final Storage dataset;
  private final String version;
  private final byte[] token;

  private VersionClaim(Storage dataset, String version, byte[] token) {
    this.dataset = dataset;
    this.version = version;
    this.token = token;
  }

  /** Claims the number after the highest that was ever begun. */
  static VersionClaim take(Storage dataset, String fingerprint) throws IOException {
    byte[] token = UUID.randomUUID().toString().getBytes(StandardCharsets.UTF_8);
    int number = 1 + highestNumber(dataset);
    while (true) {
      if (dataset.createExclusively(claimFile(number), token)) {
        VersionClaim claim = new VersionClaim(dataset, VersionName.of(number, fingerprint), token);
        // Another ingest may have finished, and given back its claim, since we looked.
        if (highestFolder(dataset) < number) {
          return claim;
        }
        dataset.delete(claimFile(number));
      }
      number++;
    }
  }

  String version() {
    return version;
  }

  /** The folder to write to, relative to the dataset. */
  String path() {
    return DatasetVersions.path(version);
  }

  /**
   * Makes sure that the claim is still ours.
   *
   * @throws BadDataException if another ingest has taken the same number
   */
  void check() throws IOException {
    String file = claimFile(VersionName.number(version));
    if (!dataset.isFile(file) || !Arrays.equals(dataset.read(file), token)) {
      throw new BadDataException(
          "Another ingest into "
              + dataset
              + " took the version "
              + version
              + " at the same time; this one has written nothing that counts, run it again");
    }
  }

  /** Gives the claim back after the version is committed. */
  void release() throws IOException {
    dataset.delete(claimFile(VersionName.number(version)));
  }

  /** Deletes what was written, and gives the claim back; for failures, so it only warns. */
  void abandon() {
    try {
      check();
      dataset.delete(path());
      release();
    } catch (IOException | BadDataException e) {
      LOG.warn(
          "What the failed ingest wrote to {} stays there until a later ingest: {}",
          dataset.location(path()),
          e.getMessage());
    }
  }

  /** Deletes what ingests left that died: no manifest, and nothing written for a day. */
  static void deleteAbandoned(Storage dataset, Instant now) throws IOException {
    Instant limit = now.minus(ABANDONED_AFTER);
    DatasetVersions versions = new DatasetVersions(dataset);
    List<String> committed = versions.committed();
    for (String version : versions.folders()) {
      int number = VersionName.number(version);
      if (!committed.contains(version)
          && lastSign(dataset, version, number).filter(sign -> sign.isBefore(limit)).isPresent()) {
        LOG.info("Deleting {}, which an ingest left unfinished", dataset.location(version));
        dataset.delete(DatasetVersions.path(version));
        dataset.delete(claimFile(number));
      }
    }
  }

  // A folder without any file was made a moment ago, or holds nothing worth deleting.
  private static Optional<Instant> lastSign(Storage dataset, String version, int number)
      throws IOException {
    Optional<Instant> claimed =
        dataset.list(DatasetVersions.FOLDER).stream()
            .filter(file -> claimFile(number).endsWith("/" + file.name()))
            .map(StoredFile::modified)
            .findAny();
    Optional<Instant> written =
        dataset.list(DatasetVersions.path(version)).stream()
            .map(StoredFile::modified)
            .max(Instant::compareTo);
    return written.isPresent() && claimed.isPresent()
        ? written.filter(sign -> sign.isAfter(claimed.get())).or(() -> claimed)
        : written.or(() -> claimed);
  }

  private static int highestNumber(Storage dataset) throws IOException {
    int highest = highestFolder(dataset);
    for (StoredFile file : dataset.list(DatasetVersions.FOLDER)) {
      if (file.name().matches("\\d{5,9}\\.claim")) {
        String digits = file.name().substring(0, file.name().length() - SUFFIX.length());
        highest = Math.max(highest, Integer.parseInt(digits));
      }
    }
    return highest;
  }

  private static int highestFolder(Storage dataset) throws IOException {
    return new DatasetVersions(dataset)
        .folders().stream().mapToInt(VersionName::number).max().orElse(0);
  }

  private static String claimFile(int number) {
    return String.format(Locale.ROOT, "%s/%05d%s", DatasetVersions.FOLDER, number, SUFFIX);
  }
}
