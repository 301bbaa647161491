package dev.convoy.trainer.config;

/**
 * The shape of one example as the network sees it. {@link #ARCHITECTURES_OWN} (0) in a dimension
 * stands for the architecture's own.
 *
 * @param channels 1 (grey), 3 (RGB) or 0
 * @param height pixels, or 0
 * @param width pixels, or 0
 */
public record InputConfig(
    @Default("0")
        @Experiment
        @Doc("Channels of the input: 1 (grey) or 3 (RGB); 0: the architecture's own")
        int channels,
    @Default("0") @Experiment @Doc("Height of the input in pixels; 0: the architecture's own")
        int height,
    @Default("0") @Experiment @Doc("Width of the input in pixels; 0: the architecture's own")
        int width) {

  /** Stands for a dimension that the architecture decides. */
  public static final int ARCHITECTURES_OWN = 0;

  private static final String PIXELS = "pixels, at least 1, or 0 for the architecture's own";

  /**
   * @throws ConfigurationException with everything that is wrong
   */
  public InputConfig {
    new Problems()
        .require(
            channels == ARCHITECTURES_OWN || channels == 1 || channels == 3,
            "channels",
            channels,
            "1 (grey) or 3 (RGB), or 0 for the architecture's own")
        .require(height >= 0, "height", height, PIXELS)
        .require(width >= 0, "width", width, PIXELS)
        .throwIfAny();
  }

  /** Returns this shape with the architecture's own dimensions where none were given. */
  public InputConfig orElse(int ownChannels, int ownHeight, int ownWidth) {
    return new InputConfig(
        channels == ARCHITECTURES_OWN ? ownChannels : channels,
        height == ARCHITECTURES_OWN ? ownHeight : height,
        width == ARCHITECTURES_OWN ? ownWidth : width);
  }
}
