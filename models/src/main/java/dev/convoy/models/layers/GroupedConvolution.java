package dev.convoy.models.layers;

import java.util.Collection;
import org.deeplearning4j.exception.DL4JInvalidConfigException;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.InputTypeUtil;
import org.deeplearning4j.nn.conf.layers.LayerValidation;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.deeplearning4j.util.ConvolutionUtils;
import org.deeplearning4j.util.ValidationUtils;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * A two-dimensional convolution in groups (Krizhevsky, Sutskever, Hinton 2012, "ImageNet
 * Classification with Deep Convolutional Neural Networks", section 3.5; Xie et al. 2016,
 * "Aggregated Residual Transformations", arXiv:1611.05431, figure 3c): the input's channels and the
 * output's are cut into {@code groups} equal parts, and part g of the output sees part g of the
 * input only.
 *
 * <p>Input {@code [batch, in, height, width]}, output {@code [batch, out, height', width']},
 * weights "W" {@code [out, in / groups, kernel height, kernel width]} in C order, bias "b" {@code
 * [out]}. Everything else is {@link ConvolutionLayer}'s. NCHW only.
 */
public final class GroupedConvolution extends ConvolutionLayer {

  @JsonProperty private int groups;

  /** For Jackson. */
  private GroupedConvolution() {}

  private GroupedConvolution(Builder builder) {
    super(builder);
    this.groups = builder.groups;
    if (nIn > 0) {
      requireDivisible("input", nIn);
    }
    requireDivisible("output", nOut);
  }

  /** The number of groups; divides the channels of input and output. */
  public int getGroups() {
    return groups;
  }

  /** Input channels that each output channel sees: in / groups. */
  public long channelsPerGroup() {
    return nIn / groups;
  }

  /** {@inheritDoc} The input has to be NCHW with channels that the groups divide. */
  @Override
  public void setNIn(InputType inputType, boolean override) {
    super.setNIn(inputType, override);
    requireDivisible("input", nIn);
  }

  @Override
  public InputType getOutputType(int layerIndex, InputType inputType) {
    if (!(inputType instanceof InputType.InputTypeConvolutional image)) {
      throw new DL4JInvalidConfigException(
          "grouped convolution " + layerName + " takes images, not " + inputType);
    }
    if (image.getFormat() != CNN2DFormat.NCHW) {
      throw new DL4JInvalidConfigException(
          "grouped convolution " + layerName + " takes NCHW images, not " + image.getFormat());
    }
    return InputTypeUtil.getOutputTypeCnnLayers(
        inputType,
        kernelSize,
        stride,
        padding,
        dilation,
        convolutionMode,
        nOut,
        layerIndex,
        layerName,
        cnn2dDataFormat,
        GroupedConvolution.class);
  }

  @Override
  public Layer instantiate(
      NeuralNetConfiguration conf,
      Collection<TrainingListener> listeners,
      int layerIndex,
      INDArray parameters,
      boolean initializeParameters,
      DataType networkType) {
    LayerValidation.assertNInNOutSet("GroupedConvolution", layerName, layerIndex, nIn, nOut);
    requireDivisible("input", nIn);
    GroupedConvolutionLayer layer = new GroupedConvolutionLayer(conf, networkType);
    layer.setListeners(listeners);
    layer.setIndex(layerIndex);
    layer.setParamsViewArray(parameters);
    layer.setParamTable(initializer().init(conf, parameters, initializeParameters));
    layer.setConf(conf);
    return layer;
  }

  @Override
  public ParamInitializer initializer() {
    return GroupedConvolutionParameters.INSTANCE;
  }

  /** The patches of one image at a time are held, and while training those of its gradient too. */
  @Override
  public LayerMemoryReport getMemoryReport(InputType inputType) {
    var output = (InputType.InputTypeConvolutional) getOutputType(-1, inputType);
    long parameters = initializer().numParams(this);
    long patches = nIn * kernelSize[0] * kernelSize[1] * output.getHeight() * output.getWidth();
    return new LayerMemoryReport.Builder(layerName, GroupedConvolution.class, inputType, output)
        .standardMemory(parameters, getIUpdater().stateSize(parameters))
        .workingMemory(patches, 0, 2 * patches, 0)
        .cacheMemory(0, 0)
        .build();
  }

  private void requireDivisible(String side, long channels) {
    if (channels % groups != 0) {
      throw new DL4JInvalidConfigException(
          String.format(
              "grouped convolution %s has %d %s channels, which %d groups do not divide",
              layerName, channels, side, groups));
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof GroupedConvolution that && groups == that.groups && super.equals(that);
  }

  @Override
  public int hashCode() {
    return 31 * super.hashCode() + groups;
  }

  @Override
  public String toString() {
    return "GroupedConvolution(groups=" + groups + ", " + super.toString() + ")";
  }

  /** As DL4J's {@link ConvolutionLayer.Builder}. */
  @SuppressWarnings("unchecked") // DL4J's build() returns what the caller asks for.
  public static final class Builder extends BaseConvBuilder<Builder> {
    private final int groups;

    /**
     * @param groups at least 1
     * @param kernel height and width, or one number for both
     */
    public Builder(int groups, int... kernel) {
      if (groups < 1) {
        throw new DL4JInvalidConfigException("groups is " + groups + "; it has to be at least 1");
      }
      this.groups = groups;
      setKernelSize(kernel);
    }

    @Override
    public void setKernelSize(int[] kernel) {
      this.kernelSize = ValidationUtils.validate2NonNegative(kernel, false, "kernelSize");
    }

    @Override
    public void setStride(int[] stride) {
      this.stride = ValidationUtils.validate2NonNegative(stride, false, "stride");
    }

    @Override
    public void setPadding(int[] padding) {
      this.padding = ValidationUtils.validate2NonNegative(padding, false, "padding");
    }

    @Override
    public void setDilation(int[] dilation) {
      this.dilation = ValidationUtils.validate2NonNegative(dilation, false, "dilation");
    }

    @Override
    protected boolean allowCausal() {
      return false;
    }

    @Override
    public GroupedConvolution build() {
      ConvolutionUtils.validateConvolutionModePadding(convolutionMode, padding);
      ConvolutionUtils.validateCnnKernelStridePadding(kernelSize, stride, padding);
      return new GroupedConvolution(this);
    }
  }
}
