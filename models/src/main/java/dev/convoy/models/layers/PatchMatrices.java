package dev.convoy.models.layers;

import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.util.ConvolutionUtils;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.convolution.Convolution;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The patches of one image under a kernel, as one matrix for each group: {@code [groups, channels /
 * groups * kernel height * kernel width, output height * output width]}.
 */
final class PatchMatrices {
  private final GroupedConvolution configuration;
  private final int[] kernel;
  private final int[] stride;
  private final int[] dilation;
  private final int[] padding;
  private final int[] outputSize;
  private final INDArray patches;
  private final INDArray matrices;

  private PatchMatrices(
      GroupedConvolution configuration, int[] padding, int[] outputSize, INDArray patches) {
    this.configuration = configuration;
    this.kernel = configuration.getKernelSize();
    this.stride = configuration.getStride();
    this.dilation = configuration.getDilation();
    this.padding = padding;
    this.outputSize = outputSize;
    this.patches = patches;
    this.matrices =
        patches.reshape(
            'c',
            true,
            configuration.getGroups(),
            configuration.channelsPerGroup() * kernel[0] * kernel[1],
            (long) outputSize[0] * outputSize[1]);
  }

  /**
   * Uninitialised, in the current workspace.
   *
   * @param images {@code [batch, channels, height, width]}
   */
  static PatchMatrices allocate(INDArray images, GroupedConvolution configuration) {
    int[] kernel = configuration.getKernelSize();
    int[] stride = configuration.getStride();
    int[] dilation = configuration.getDilation();
    ConvolutionMode mode = configuration.getConvolutionMode();
    int[] padding = mode == ConvolutionMode.Same ? null : configuration.getPadding();
    int[] outputSize =
        ConvolutionUtils.getOutputSize(
            images, kernel, stride, padding, mode, dilation, CNN2DFormat.NCHW);
    if (mode == ConvolutionMode.Same) {
      int[] inputSize = {(int) images.size(2), (int) images.size(3)};
      padding =
          ConvolutionUtils.getSameModeTopLeftPadding(
              outputSize, inputSize, kernel, stride, dilation);
    }
    INDArray patches =
        Nd4j.createUninitialized(
            images.dataType(),
            new long[] {1, images.size(1), kernel[0], kernel[1], outputSize[0], outputSize[1]},
            'c');
    return new PatchMatrices(configuration, padding, outputSize, patches);
  }

  /** The matrices; views of what {@link #gather} fills and {@link #scatter} reads. */
  INDArray matrices() {
    return matrices;
  }

  /** A view of kernels or of one image's activations as one matrix for each group. */
  INDArray grouped(INDArray array) {
    long groups = configuration.getGroups();
    long rows = configuration.getNOut() / groups;
    return array.reshape('c', true, groups, rows, array.length() / (groups * rows));
  }

  long[] outputShape(long batch) {
    return new long[] {batch, configuration.getNOut(), outputSize[0], outputSize[1]};
  }

  /** Fills the matrices with the patches of an image {@code [1, channels, height, width]}. */
  void gather(INDArray image) {
    Convolution.im2col(
        image,
        kernel[0],
        kernel[1],
        stride[0],
        stride[1],
        padding[0],
        padding[1],
        dilation[0],
        dilation[1],
        configuration.getConvolutionMode() == ConvolutionMode.Same,
        patches);
  }

  /** Overwrites an image with the sum of the patches at their places. */
  void scatter(INDArray image) {
    Convolution.col2im(
        patches,
        image,
        stride[0],
        stride[1],
        padding[0],
        padding[1],
        (int) image.size(2),
        (int) image.size(3),
        dilation[0],
        dilation[1]);
  }
}
