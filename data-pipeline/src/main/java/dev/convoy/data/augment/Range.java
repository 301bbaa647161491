package dev.convoy.data.augment;

import dev.convoy.data.InvalidRequestException;
import java.io.Serializable;

/** Finite numbers from {@code least} to {@code most}. */
public record Range(double least, double most) implements Serializable {
  public Range {
    if (!(Double.isFinite(least) && Double.isFinite(most) && least <= most)) {
      throw new InvalidRequestException(
          "a range goes from the smaller to the larger number, not from " + least + " to " + most);
    }
  }

  /**
   * The number at a part of the way from least to most.
   *
   * @param part 0 to 1
   */
  double at(double part) {
    return least + part * (most - least);
  }

  @Override
  public String toString() {
    return "[" + least + ", " + most + "]";
  }
}
