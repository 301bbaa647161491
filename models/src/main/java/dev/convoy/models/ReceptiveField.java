package dev.convoy.models;

/**
 * What one element of a layer's output sees of the network's input, as it is computed by hand:
 * behind a window of k pixels with dilation d and stride s the field grows by {@code d (k - 1)
 * step} and the step becomes {@code s step}. Borders are ignored, so a field may be larger than the
 * image. Where branches meet, the largest counts.
 *
 * @param height of the field, in pixels of the input
 * @param width of the field, in pixels of the input
 * @param verticalStep pixels of the input between neighbours in a column of the output
 * @param horizontalStep pixels of the input between neighbours in a row of the output
 */
public record ReceptiveField(long height, long width, long verticalStep, long horizontalStep) {

  /** Of the input itself. */
  static final ReceptiveField PIXEL = new ReceptiveField(1, 1, 1, 1);

  ReceptiveField behind(Reach vertical, Reach horizontal) {
    return new ReceptiveField(
        height + (vertical.pixels() - 1) * verticalStep,
        width + (horizontal.pixels() - 1) * horizontalStep,
        verticalStep * vertical.stride(),
        horizontalStep * horizontal.stride());
  }

  ReceptiveField joined(ReceptiveField other) {
    return new ReceptiveField(
        Math.max(height, other.height),
        Math.max(width, other.width),
        Math.max(verticalStep, other.verticalStep),
        Math.max(horizontalStep, other.horizontalStep));
  }

  /**
   * A window along one side of an image.
   *
   * @param pixels from its first to its last, both counted
   * @param stride pixels from one window to the next
   */
  record Reach(long pixels, long stride) {
    static Reach of(int kernel, int dilation, int stride) {
      return new Reach((long) dilation * (kernel - 1) + 1, stride);
    }

    /** All at once. */
    static Reach whole(long size) {
      return new Reach(size, 1);
    }

    /** The largest of PyTorch's adaptive windows; their mean distance, rounded down. */
    static Reach adaptive(long from, long to) {
      long largest = 0;
      for (long i = 0; i < to; i++) {
        largest = Math.max(largest, -Math.floorDiv(-(i + 1) * from, to) - i * from / to);
      }
      return new Reach(largest, Math.max(1, from / to));
    }
  }

  /** In pixels: one number if height and width agree. */
  @Override
  public String toString() {
    return height == width ? String.valueOf(height) : height + "x" + width;
  }
}
