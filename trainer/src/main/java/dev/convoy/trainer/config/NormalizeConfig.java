package dev.convoy.trainer.config;

import java.util.Collections;
import java.util.List;

/**
 * {@code (value / 255 - mean) / std} for each channel.
 *
 * @param mean one for all channels, or one for each; unmodifiable
 * @param std as many, each above 0; unmodifiable
 */
public record NormalizeConfig(
    @Default("[0]")
        @Experiment
        @Doc("Mean of the pixels as a share of 255: one for all channels, or one for each")
        List<Double> mean,
    @Default("[1]")
        @Experiment
        @Doc("Standard deviation as a share of 255, above 0: as many as means")
        List<Double> std) {

  /**
   * @throws ConfigurationException with everything that is wrong
   */
  public NormalizeConfig {
    mean = List.copyOf(mean);
    std = List.copyOf(std);
    String count = "one number for all channels, or one for each of 3, for example ";
    new Problems()
        .require(
            mean.size() == 1 || mean.size() == 3, "mean", mean, count + "[0.485, 0.456, 0.406]")
        .require(std.size() == 1 || std.size() == 3, "std", std, count + "[0.229, 0.224, 0.225]")
        .require(std.stream().allMatch(value -> value > 0), "std", std, "each above 0")
        .requireTogether(
            mean.size() == std.size(),
            "std",
            std,
            "as many numbers as mean has, " + mean.size(),
            List.of("mean", "std"))
        .throwIfAny();
  }

  /**
   * Returns one mean and one deviation for each of so many channels.
   *
   * @throws IllegalArgumentException if there is neither one for all nor one for each
   */
  public NormalizeConfig forChannels(int channels) {
    if (mean.size() == channels) {
      return this;
    }
    if (mean.size() != 1) {
      throw new IllegalArgumentException(
          "augment.normalize has "
              + mean.size()
              + " means for "
              + channels
              + " channels; give one for all channels, or one for each");
    }
    return new NormalizeConfig(
        Collections.nCopies(channels, mean.get(0)), Collections.nCopies(channels, std.get(0)));
  }
}
