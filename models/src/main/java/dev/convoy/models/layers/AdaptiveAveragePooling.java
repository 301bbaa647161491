package dev.convoy.models.layers;

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
 * Average pooling to a given size, whatever the size of the input, as PyTorch's {@code
 * AdaptiveAvgPool2d}: along a side of n pixels, output i of m is the mean of the pixels from {@code
 * floor(i n / m)} up to and without {@code ceil((i + 1) n / m)}. Windows may overlap, and where the
 * output is larger than the input they repeat pixels. NCHW only.
 */
public final class AdaptiveAveragePooling extends NoParamLayer {
  @JsonProperty private int height;
  @JsonProperty private int width;

  /** For Jackson. */
  private AdaptiveAveragePooling() {}

  /**
   * @param height of the output in pixels
   * @param width of the output in pixels
   */
  public AdaptiveAveragePooling(int height, int width) {
    if (height < 1 || width < 1) {
      throw new DL4JInvalidConfigException(
          "adaptive pooling to " + height + "x" + width + "; each side has to be at least 1");
    }
    this.height = height;
    this.width = width;
  }

  /** Rows of the output. */
  public int getHeight() {
    return height;
  }

  /** Columns of the output. */
  public int getWidth() {
    return width;
  }

  @Override
  public InputType getOutputType(int layerIndex, InputType inputType) {
    return InputType.convolutional(
        height, width, requireImages(inputType).getChannels(), CNN2DFormat.NCHW);
  }

  @Override
  public InputPreProcessor getPreProcessorForInputType(InputType inputType) {
    requireImages(inputType);
    return null;
  }

  private InputType.InputTypeConvolutional requireImages(InputType inputType) {
    if (inputType instanceof InputType.InputTypeConvolutional image
        && image.getFormat() == CNN2DFormat.NCHW) {
      return image;
    }
    throw new DL4JInvalidConfigException(
        "adaptive pooling " + layerName + " takes NCHW images, not " + inputType);
  }

  @Override
  public Layer instantiate(
      NeuralNetConfiguration conf,
      Collection<TrainingListener> listeners,
      int layerIndex,
      INDArray parameters,
      boolean initializeParameters,
      DataType networkType) {
    AdaptiveAveragePoolingLayer layer = new AdaptiveAveragePoolingLayer(conf, networkType);
    layer.setListeners(listeners);
    layer.setIndex(layerIndex);
    return layer;
  }

  /** The matrix from input pixels to output pixels is held. */
  @Override
  public LayerMemoryReport getMemoryReport(InputType inputType) {
    var image = requireImages(inputType);
    long matrix = image.getHeight() * image.getWidth() * height * width;
    return new LayerMemoryReport.Builder(
            layerName, AdaptiveAveragePooling.class, inputType, getOutputType(-1, inputType))
        .standardMemory(0, 0)
        .workingMemory(matrix, 0, matrix, 0)
        .cacheMemory(0, 0)
        .build();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof AdaptiveAveragePooling that
        && height == that.height
        && width == that.width
        && super.equals(that);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * super.hashCode() + height) + width;
  }

  @Override
  public String toString() {
    return "AdaptiveAveragePooling(" + height + "x" + width + ")";
  }
}
