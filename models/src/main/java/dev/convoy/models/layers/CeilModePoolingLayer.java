package dev.convoy.models.layers;

import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.convolution.subsampling.SubsamplingLayer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The reference implementation of {@link CeilModePooling}: ND4J's pooling over a padded copy of the
 * input, in which every window is full.
 */
final class CeilModePoolingLayer extends SubsamplingLayer {

  CeilModePoolingLayer(NeuralNetConfiguration conf, DataType dataType) {
    super(conf, dataType);
    helper = null; // DL4J's helpers know no ceil mode.
  }

  @Override
  public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
    assertInputSet(false);
    INDArray images = input.castTo(dataType);
    PaddedWindows windows = windows(images);
    INDArray output =
        workspaces.createUninitialized(
            ArrayType.ACTIVATIONS, dataType, windows.outputShape(images), 'c');
    Nd4j.exec(
        operation(average() ? "avgpool2d" : "maxpool2d")
            .addInputs(windows.pad(images, border()))
            .addOutputs(output)
            .build());
    if (average()) {
      output.muli(windows.divisorCorrection(dataType));
    }
    return output;
  }

  @Override
  public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
    assertInputSet(true);
    INDArray images = input.castTo(dataType);
    PaddedWindows windows = windows(images);
    INDArray outputEpsilon = epsilon.castTo(dataType);
    if (average()) {
      outputEpsilon = outputEpsilon.mul(windows.divisorCorrection(dataType));
    }
    INDArray padded = windows.pad(images, border());
    INDArray paddedEpsilon = Nd4j.createUninitialized(dataType, padded.shape(), 'c');
    Nd4j.exec(
        operation(average() ? "avgpool2d_bp" : "maxpool2d_bp")
            .addInputs(padded, outputEpsilon)
            .addOutputs(paddedEpsilon)
            .build());
    INDArray inputEpsilon =
        workspaces.createUninitialized(ArrayType.ACTIVATION_GRAD, dataType, images.shape(), 'c');
    inputEpsilon.assign(windows.inner(paddedEpsilon));
    return new Pair<>(new DefaultGradient(), inputEpsilon);
  }

  private PaddedWindows windows(INDArray images) {
    return new PaddedWindows(
        (CeilModePooling) layerConf(), (int) images.size(2), (int) images.size(3));
  }

  private boolean average() {
    return layerConf().getPoolingType() == PoolingType.AVG;
  }

  private double border() {
    return average() ? 0 : Double.NEGATIVE_INFINITY;
  }

  private DynamicCustomOp.DynamicCustomOpsBuilder operation(String name) {
    int[] kernel = layerConf().getKernelSize();
    int[] stride = layerConf().getStride();
    int[] dilation = layerConf().getDilation();
    // No padding, not "same", the divisor is the whole window, NCHW.
    return DynamicCustomOp.builder(name)
        .addIntegerArguments(
            kernel[0], kernel[1], stride[0], stride[1], 0, 0, dilation[0], dilation[1], 0, 1, 0);
  }
}
