package dev.convoy.trainer.run;

import dev.convoy.models.training.ComputeProfile;
import java.time.Instant;

/**
 * What {@code run.json} says: the experiment that a run directory belongs to. Written once, when
 * the run starts.
 *
 * @param format of this record, {@link #FORMAT}
 * @param created when
 * @param configuration the effective configuration, as YAML
 * @param experiment digest of its experiment keys
 * @param datasetVersion the pinned version
 * @param datasetFingerprint of that version
 * @param datasetLayout of that version, {@link
 *     dev.convoy.data.dataset.DatasetManifest#layoutSha256}
 * @param profile the arithmetic of the run
 * @param versions of the software that began the run
 */
public record RunRecord(
    int format,
    Instant created,
    String configuration,
    String experiment,
    String datasetVersion,
    String datasetFingerprint,
    String datasetLayout,
    ComputeProfile profile,
    SoftwareVersions versions) {

  /** The format this version writes and reads. */
  public static final int FORMAT = 3;
}
