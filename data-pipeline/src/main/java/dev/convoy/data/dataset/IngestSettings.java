package dev.convoy.data.dataset;

import java.io.Serializable;

/**
 * What decided how a version was cut; the same content with the same settings is the same version.
 *
 * @param layout {@code classes} or {@code splits}: how the ingested folder was read
 * @param validationShare share of the examples drawn for validation, 0 to 1
 * @param testShare share of the examples drawn for test, 0 to 1
 * @param shardBytes encoded images per shard, at most (an image larger than that is alone)
 */
public record IngestSettings(
    String layout, double validationShare, double testShare, long shardBytes)
    implements Serializable {

  /** Share of what there was to draw from that is not in {@code train}. */
  public double keptBack() {
    return testShare + validationShare;
  }

  /**
   * Where a split ends among what there was to draw from, in which test comes first, then
   * validation, then train; 0 for one of which nothing is drawn, as of an official one. Another
   * version of the same images trained on some of this split's if it kept back less.
   */
  public double drawnUpTo(Split split) {
    return switch (split) {
      case TEST -> testShare;
      case VALIDATION -> validationShare == 0 ? 0 : testShare + validationShare;
      case TRAIN -> 1;
    };
  }
}
