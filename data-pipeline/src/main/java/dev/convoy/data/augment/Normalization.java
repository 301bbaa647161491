package dev.convoy.data.augment;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import dev.convoy.data.InvalidRequestException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * From bytes to features: {@code (value / 255 - mean) / std}, in float32 and in this order.
 *
 * @param mean one for every channel, or one for all; of values in 0 to 1
 * @param std as many; above 0
 */
@DefaultSerializer(JavaSerializer.class)
public record Normalization(List<Float> mean, List<Float> std) implements Serializable {
  public Normalization {
    mean = List.copyOf(mean);
    std = List.copyOf(std);
    List<String> problems = new ArrayList<>();
    if (mean.size() != std.size() || (mean.size() != 1 && mean.size() != 3)) {
      problems.add(
          "mean and std have 1 or 3 values, the same number each, not %d and %d"
              .formatted(mean.size(), std.size()));
    }
    if (!mean.stream().allMatch(Float::isFinite)) {
      problems.add("mean is finite, not " + mean);
    }
    if (!std.stream().allMatch(value -> Float.isFinite(value) && value > 0)) {
      problems.add("std is finite and above 0, not " + std);
    }
    if (!problems.isEmpty()) {
      throw new InvalidRequestException("normalize: " + String.join("; ", problems));
    }
  }

  /** Values of 0 to 1: mean 0, std 1. */
  public static Normalization none() {
    return new Normalization(List.of(0f), List.of(1f));
  }

  /** From the numbers of a configuration. */
  public static Normalization of(List<? extends Number> mean, List<? extends Number> std) {
    return new Normalization(
        mean.stream().map(Number::floatValue).toList(),
        std.stream().map(Number::floatValue).toList());
  }

  /**
   * Fails if images of so many channels cannot be normalised with these values.
   *
   * @throws InvalidRequestException if there are 3 values and 1 channel
   */
  public void requireChannels(int channels) {
    if (mean.size() != 1 && mean.size() != channels) {
      throw new InvalidRequestException(
          "normalize: mean and std have %d values, but the images have %d channel(s)"
              .formatted(mean.size(), channels));
    }
  }

  /** The feature of each of the 256 byte values in one channel. */
  float[] table(int channel) {
    int i = mean.size() == 1 ? 0 : channel;
    float[] table = new float[256];
    for (int value = 0; value < table.length; value++) {
      table[value] = (value / 255f - mean.get(i)) / std.get(i);
    }
    return table;
  }
}
