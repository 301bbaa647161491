package dev.convoy.models.layers;

import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.convolution.ConvolutionLayer;
import org.deeplearning4j.nn.params.ConvolutionParamInitializer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The reference implementation of {@link GroupedConvolution}: image by image, one matrix product
 * for each group over the image's patches.
 */
final class GroupedConvolutionLayer extends ConvolutionLayer {

  GroupedConvolutionLayer(NeuralNetConfiguration conf, DataType dataType) {
    super(conf, dataType);
    helper = null; // DL4J's helpers know no groups.
  }

  @Override
  protected Pair<INDArray, INDArray> preOutput(
      boolean training, boolean forBackprop, LayerWorkspaceMgr workspaces) {
    assertInputSet(false);
    validateInputRank();
    validateInputDepth(configuration().getNIn());
    INDArray weights =
        getParamWithNoise(ConvolutionParamInitializer.WEIGHT_KEY, training, workspaces);
    INDArray images = Contiguous.of(input.castTo(dataType));
    PatchMatrices patches = PatchMatrices.allocate(images, configuration());
    INDArray z =
        workspaces.createUninitialized(
            ArrayType.ACTIVATIONS, dataType, patches.outputShape(images.size(0)), 'c');
    INDArray kernels = patches.grouped(weights);
    for (long n = 0; n < images.size(0); n++) {
      patches.gather(Contiguous.image(images, n));
      Nd4j.matmul(kernels, patches.matrices(), patches.grouped(Contiguous.image(z, n)));
    }
    if (hasBias()) {
      INDArray bias = getParamWithNoise(ConvolutionParamInitializer.BIAS_KEY, training, workspaces);
      z.addi(bias.reshape(1, bias.length(), 1, 1));
    }
    return new Pair<>(z, null);
  }

  @Override
  public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
    assertInputSet(true);
    INDArray weights = getParamWithNoise(ConvolutionParamInitializer.WEIGHT_KEY, true, workspaces);
    INDArray images = Contiguous.of(input.castTo(dataType));
    INDArray delta = Contiguous.of(delta(epsilon.castTo(dataType), workspaces));
    INDArray inputEpsilon =
        workspaces.createUninitialized(ArrayType.ACTIVATION_GRAD, dataType, images.shape(), 'c');
    INDArray weightGradient = gradientViews.get(ConvolutionParamInitializer.WEIGHT_KEY);
    backward(images, delta, weights, weightGradient, inputEpsilon);

    Gradient gradient = new DefaultGradient();
    if (hasBias()) {
      INDArray biasGradient = gradientViews.get(ConvolutionParamInitializer.BIAS_KEY);
      delta.sum(biasGradient, 0, 2, 3);
      gradient.setGradientFor(ConvolutionParamInitializer.BIAS_KEY, biasGradient);
    }
    gradient.setGradientFor(ConvolutionParamInitializer.WEIGHT_KEY, weightGradient, 'c');
    weightNoiseParams.clear();
    return new Pair<>(gradient, backpropDropOutIfPresent(inputEpsilon));
  }

  private INDArray delta(INDArray epsilon, LayerWorkspaceMgr workspaces) {
    if (layerConf().getActivationFn() instanceof ActivationIdentity) {
      return epsilon;
    }
    INDArray z = preOutput(true, true, workspaces).getFirst();
    return layerConf().getActivationFn().backprop(z, epsilon).getFirst();
  }

  private void backward(
      INDArray images,
      INDArray delta,
      INDArray weights,
      INDArray weightGradient,
      INDArray inputEpsilon) {
    PatchMatrices patches = PatchMatrices.allocate(images, configuration());
    PatchMatrices patchEpsilons = PatchMatrices.allocate(images, configuration());
    INDArray kernels = patches.grouped(weights);
    INDArray kernelGradients = patches.grouped(weightGradient);
    INDArray ofOneImage = Nd4j.createUninitialized(dataType, kernelGradients.shape(), 'c');
    kernelGradients.assign(0);
    for (long n = 0; n < images.size(0); n++) {
      INDArray outputEpsilon = patches.grouped(Contiguous.image(delta, n));
      patches.gather(Contiguous.image(images, n));
      Nd4j.matmul(outputEpsilon, patches.matrices(), ofOneImage, false, true, false);
      kernelGradients.addi(ofOneImage);
      Nd4j.matmul(kernels, outputEpsilon, patchEpsilons.matrices(), true, false, false);
      patchEpsilons.scatter(Contiguous.image(inputEpsilon, n));
    }
  }

  private GroupedConvolution configuration() {
    return (GroupedConvolution) layerConf();
  }
}
