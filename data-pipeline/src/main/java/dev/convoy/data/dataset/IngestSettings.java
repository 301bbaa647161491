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

  /**
   * The share of the drawn examples that come before the end of a split, in the order test,
   * validation, train: those of {@code train} are what is left by the other two. Two versions of
   * the same images share examples between one's train and another's split if, and only if, this is
   * larger for that split than for the first one's validation.
   */
  public double drawnUpTo(Split split) {
    return switch (split) {
      case TEST -> testShare;
      case VALIDATION -> testShare + validationShare;
      case TRAIN -> 1;
    };
  }
}
