package dev.convoy.data.batch;

import java.util.List;

/**
 * Decoded, augmented and normalised images, ready for a network.
 *
 * @param features float32, NCHW, of length {@code count() * C * H * W}
 * @param labels class indices, one an image
 * @param ids the examples' ids, one an image
 */
public record ImageBatch(float[] features, int[] labels, List<String> ids) {

  /** Images in the batch. */
  public int count() {
    return labels.length;
  }
}
