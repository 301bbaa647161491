package dev.convoy.models.layers;

import java.util.Arrays;
import java.util.Collection;
import org.deeplearning4j.exception.DL4JInvalidConfigException;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Max or average pooling whose last window may hang over the edge, as in PyTorch with {@code
 * ceil_mode=True}: {@code ceil((size + 2 padding - kernel) / stride) + 1} windows, without the last
 * one if it would start beyond the input and its left padding. NCHW only.
 *
 * <p>The average is over the whole window, padding included, if {@code avgPoolIncludePadInDivisor}
 * (PyTorch's {@code count_include_pad}), otherwise over the pixels of the input in it; what hangs
 * over beyond the padding never counts.
 */
public final class CeilModePooling extends SubsamplingLayer {

  /** For Jackson. */
  private CeilModePooling() {}

  private CeilModePooling(Builder builder) {
    super(builder);
    if (convolutionMode != null && convolutionMode != ConvolutionMode.Truncate) {
      throw new DL4JInvalidConfigException(
          "ceil-mode pooling pads explicitly; convolution mode "
              + convolutionMode
              + " was given, leave it out");
    }
    this.convolutionMode = ConvolutionMode.Truncate;
    requireSupported();
  }

  private void requireSupported() {
    boolean average = poolingType == org.deeplearning4j.nn.conf.layers.PoolingType.AVG;
    if (!average && poolingType != org.deeplearning4j.nn.conf.layers.PoolingType.MAX) {
      throw new DL4JInvalidConfigException("ceil-mode pooling is MAX or AVG, not " + poolingType);
    }
    if (average && !Arrays.equals(dilation, new int[] {1, 1})) {
      throw new DL4JInvalidConfigException(
          "ceil-mode average pooling has no dilation, but "
              + Arrays.toString(dilation)
              + " was given");
    }
    for (int side = 0; side < 2; side++) {
      if (2 * padding[side] > kernelSize[side]) {
        throw new DL4JInvalidConfigException(
            String.format(
                "ceil-mode pooling has padding %d; it has to be at most half of the kernel, %d",
                padding[side], kernelSize[side]));
      }
    }
  }

  @Override
  public InputType getOutputType(int layerIndex, InputType inputType) {
    if (!(inputType instanceof InputType.InputTypeConvolutional image)
        || image.getFormat() != CNN2DFormat.NCHW) {
      throw new DL4JInvalidConfigException(
          "ceil-mode pooling " + layerName + " takes NCHW images, not " + inputType);
    }
    int height = windows(0, image.getHeight());
    int width = windows(1, image.getWidth());
    if (height < 1 || width < 1) {
      throw new DL4JInvalidConfigException(
          String.format(
              "ceil-mode pooling %s with kernel %s leaves nothing of %dx%d pixels",
              layerName, Arrays.toString(kernelSize), image.getHeight(), image.getWidth()));
    }
    return InputType.convolutional(height, width, image.getChannels(), CNN2DFormat.NCHW);
  }

  /**
   * Windows along one side of an input.
   *
   * @param side 0 for height, 1 for width
   * @param size of the input, in pixels
   */
  public int windows(int side, long size) {
    int reach = dilation[side] * (kernelSize[side] - 1) + 1;
    long free = size + 2L * padding[side] - reach;
    long windows = Math.floorDiv(free + stride[side] - 1, stride[side]) + 1;
    if ((windows - 1) * stride[side] >= size + padding[side]) {
      windows--;
    }
    return Math.toIntExact(windows);
  }

  @Override
  public Layer instantiate(
      NeuralNetConfiguration conf,
      Collection<TrainingListener> listeners,
      int layerIndex,
      INDArray parameters,
      boolean initializeParameters,
      DataType networkType) {
    CeilModePoolingLayer layer = new CeilModePoolingLayer(conf, networkType);
    layer.setListeners(listeners);
    layer.setIndex(layerIndex);
    layer.setParamsViewArray(parameters);
    layer.setParamTable(initializer().init(conf, parameters, initializeParameters));
    layer.setConf(conf);
    return layer;
  }

  /** The padded input is held, and while training its gradient too. */
  @Override
  public LayerMemoryReport getMemoryReport(InputType inputType) {
    InputType output = getOutputType(-1, inputType);
    var image = (InputType.InputTypeConvolutional) inputType;
    PaddedWindows windows =
        new PaddedWindows(this, (int) image.getHeight(), (int) image.getWidth());
    long padded = image.getChannels() * windows.paddedHeight() * windows.paddedWidth();
    return new LayerMemoryReport.Builder(layerName, CeilModePooling.class, inputType, output)
        .standardMemory(0, 0)
        .workingMemory(0, padded, 0, 2 * padded)
        .cacheMemory(0, 0)
        .build();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CeilModePooling && super.equals(other);
  }

  @Override
  public int hashCode() {
    return super.hashCode();
  }

  /** As DL4J's {@link SubsamplingLayer.Builder}. */
  @SuppressWarnings("unchecked") // DL4J's build() returns what the caller asks for.
  public static final class Builder extends SubsamplingLayer.Builder {

    /**
     * @param type MAX or AVG
     */
    public Builder(SubsamplingLayer.PoolingType type) {
      super(type);
    }

    @Override
    public CeilModePooling build() {
      return new CeilModePooling(this);
    }
  }
}
