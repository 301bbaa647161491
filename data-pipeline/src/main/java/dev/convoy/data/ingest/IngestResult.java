package dev.convoy.data.ingest;

import dev.convoy.data.dataset.DatasetManifest;
import java.util.List;

/**
 * What an ingest did.
 *
 * @param outcome what became of the dataset
 * @param location of the dataset, absolute
 * @param manifest of the version that now holds the content
 * @param listed image files found
 * @param rejects those that could not be read, in the order of their paths
 * @param hidden files and folders left out because their name begins with . or _
 * @param others files left out because they are no images by their name
 * @param warnings what the person should know, one sentence each
 */
public record IngestResult(
    Outcome outcome,
    String location,
    DatasetManifest manifest,
    long listed,
    List<Reject> rejects,
    long hidden,
    long others,
    List<String> warnings) {
  /** What became of the dataset. */
  public enum Outcome {
    WRITTEN,
    /** The newest version has the same content and settings already. */
    UNCHANGED,
    /** So it has, but shards of it were lost; they are there again, the same bytes. */
    RESTORED
  }

  public IngestResult {
    rejects = List.copyOf(rejects);
    warnings = List.copyOf(warnings);
  }
}
