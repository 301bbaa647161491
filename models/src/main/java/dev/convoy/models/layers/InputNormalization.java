package dev.convoy.models.layers;

import java.util.Arrays;
import java.util.Collection;
import org.deeplearning4j.exception.DL4JInvalidConfigException;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.NoParamLayer;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * The first layer of a graph that takes pictures as they are decoded: bytes 0 to 255 {@code [batch,
 * height, width, channels]} go in, {@code (x / 255 - mean) / std} by channel as {@code [batch,
 * channels, height, width]} comes out.
 *
 * <p>It is computed as {@code x * scale + shift}, two roundings in float32 whatever the network's
 * type, with {@code scale = 1 / (255 std)} and {@code shift = -mean / std} rounded once from
 * float64. The input may be UINT8, or those numbers in any other type. Without parameters, and no
 * gradient leaves it. Its input type is {@code InputType.convolutional(height, width, channels,
 * CNN2DFormat.NHWC)}.
 */
public final class InputNormalization extends NoParamLayer {
  @JsonProperty private double[] mean;
  @JsonProperty private double[] std;

  /** For Jackson. */
  private InputNormalization() {}

  /**
   * @param mean of each channel, of values from 0 to 1
   * @param std standard deviation of each channel, of values from 0 to 1; positive
   */
  public InputNormalization(double[] mean, double[] std) {
    if (mean.length == 0 || mean.length != std.length) {
      throw new DL4JInvalidConfigException(
          String.format(
              "%d means and %d standard deviations; one of each is needed for every channel",
              mean.length, std.length));
    }
    for (int c = 0; c < mean.length; c++) {
      if (!Double.isFinite(mean[c]) || !(std[c] > 0 && Double.isFinite(std[c]))) {
        throw new DL4JInvalidConfigException(
            String.format(
                "channel %d has mean %s and standard deviation %s; both have to be finite and the"
                    + " second positive",
                c, mean[c], std[c]));
      }
    }
    this.mean = mean.clone();
    this.std = std.clone();
  }

  /** Mean of each channel, of values from 0 to 1. */
  public double[] getMean() {
    return mean.clone();
  }

  /** Standard deviation of each channel, of values from 0 to 1. */
  public double[] getStd() {
    return std.clone();
  }

  /** What a byte of each channel is multiplied with. */
  public float[] scale() {
    float[] scale = new float[std.length];
    for (int c = 0; c < scale.length; c++) {
      scale[c] = (float) (1 / (255 * std[c]));
    }
    return scale;
  }

  /** What is then added in each channel. */
  public float[] shift() {
    float[] shift = new float[mean.length];
    for (int c = 0; c < shift.length; c++) {
      shift[c] = (float) (-mean[c] / std[c]);
    }
    return shift;
  }

  @Override
  public InputType getOutputType(int layerIndex, InputType inputType) {
    var image = requireImages(inputType);
    return InputType.convolutional(
        image.getHeight(), image.getWidth(), image.getChannels(), CNN2DFormat.NCHW);
  }

  @Override
  public InputPreProcessor getPreProcessorForInputType(InputType inputType) {
    requireImages(inputType);
    return null;
  }

  private InputType.InputTypeConvolutional requireImages(InputType inputType) {
    if (inputType instanceof InputType.InputTypeConvolutional image
        && image.getFormat() == CNN2DFormat.NHWC
        && image.getChannels() == mean.length) {
      return image;
    }
    throw new DL4JInvalidConfigException(
        String.format(
            "input normalization %s takes NHWC images with %d channels, not %s",
            layerName, mean.length, inputType));
  }

  @Override
  public Layer instantiate(
      NeuralNetConfiguration conf,
      Collection<TrainingListener> listeners,
      int layerIndex,
      INDArray parameters,
      boolean initializeParameters,
      DataType networkType) {
    InputNormalizationLayer layer = new InputNormalizationLayer(conf, networkType);
    layer.setListeners(listeners);
    layer.setIndex(layerIndex);
    return layer;
  }

  /** The input is held once more in float32. */
  @Override
  public LayerMemoryReport getMemoryReport(InputType inputType) {
    long elements = inputType.arrayElementsPerExample();
    return new LayerMemoryReport.Builder(
            layerName, InputNormalization.class, inputType, getOutputType(-1, inputType))
        .standardMemory(0, 0)
        .workingMemory(0, elements, 0, elements)
        .cacheMemory(0, 0)
        .build();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof InputNormalization that
        && Arrays.equals(mean, that.mean)
        && Arrays.equals(std, that.std)
        && super.equals(that);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * super.hashCode() + Arrays.hashCode(mean)) + Arrays.hashCode(std);
  }

  @Override
  public String toString() {
    return "InputNormalization(mean="
        + Arrays.toString(mean)
        + ", std="
        + Arrays.toString(std)
        + ")";
  }
}
