package dev.convoy.trainer.report;

import java.time.Instant;
import java.util.List;

/**
 * What a result came from.
 *
 * @param datasetLocation its folder
 * @param datasetVersion the version that the run pinned
 * @param datasetFingerprint over its examples
 * @param experimentDigest of the configuration's experiment keys
 * @param parametersSha256 of the final parameters and running statistics
 * @param codeVersion of Convoy
 * @param java version and vendor
 * @param spark version
 * @param dl4j version
 * @param computeProfile what fixed the arithmetic
 * @param operatingSystem of the driver
 * @param started when the run was started first
 * @param finished when its last round was done
 * @param events interruptions and resumes, in order of time; empty for none
 */
public record Provenance(
    String datasetLocation,
    String datasetVersion,
    String datasetFingerprint,
    String experimentDigest,
    String parametersSha256,
    String codeVersion,
    String java,
    String spark,
    String dl4j,
    String computeProfile,
    String operatingSystem,
    Instant started,
    Instant finished,
    List<Event> events) {

  public Provenance {
    events = List.copyOf(events);
  }

  /**
   * Something that happened to a run.
   *
   * @param time when
   * @param what in words, for example "interrupted after round 120"
   */
  public record Event(Instant time, String what) {}
}
