package dev.convoy.data.dataset;

import java.util.Objects;

/**
 * One row of a shard.
 *
 * @param example id, label and encoded image
 * @param className the label's name
 * @param sha256 of the encoded image, 64 hexadecimal digits
 * @param width pixels, as the height
 * @param channels 1 (grey) or 3 (colour)
 */
public record ShardRow(
    Example example, String className, String sha256, int width, int height, int channels) {
  public ShardRow {
    Objects.requireNonNull(example, "example");
    Objects.requireNonNull(className, "className");
    Objects.requireNonNull(sha256, "sha256");
  }
}
