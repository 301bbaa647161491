package dev.convoy.models.layers;

import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.AbstractLayer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.ops.transforms.Transforms;

/** The reference implementation of {@link ExactLocalResponseNormalization}. */
final class ExactLocalResponseNormalizationLayer
    extends AbstractLayer<ExactLocalResponseNormalization> {

  ExactLocalResponseNormalizationLayer(NeuralNetConfiguration conf, DataType dataType) {
    super(conf, dataType);
  }

  @Override
  public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
    assertInputSet(false);
    INDArray images = input.castTo(dataType);
    INDArray output =
        workspaces.createUninitialized(ArrayType.ACTIVATIONS, dataType, images.shape(), 'c');
    return output.assign(images.mul(factor(base(images))));
  }

  /**
   * With s the sum in brackets and g the output's gradient, {@code g_i s_i^-beta - 2 alpha beta a_i
   * sum_j g_j a_j s_j^(-beta - 1)}; j runs over the same channels, because i is among j's if j is
   * among i's.
   */
  @Override
  public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
    assertInputSet(true);
    INDArray images = input.castTo(dataType);
    INDArray base = base(images);
    INDArray scaled = factor(base).muli(epsilon.castTo(dataType));
    INDArray spread = overNeighbours(scaled.mul(images).divi(base));
    spread.muli(images).muli(-2 * layerConf().getAlpha() * layerConf().getBeta());
    INDArray inputEpsilon =
        workspaces.createUninitialized(ArrayType.ACTIVATION_GRAD, dataType, images.shape(), 'c');
    inputEpsilon.assign(scaled.addi(spread));
    return new Pair<>(new DefaultGradient(), inputEpsilon);
  }

  /** {@code k + alpha * sum_j a_j^2}. */
  private INDArray base(INDArray images) {
    return overNeighbours(images.mul(images)).muli(layerConf().getAlpha()).addi(layerConf().getK());
  }

  private INDArray factor(INDArray base) {
    return Transforms.pow(base, -layerConf().getBeta(), true);
  }

  /** For each channel the sum over those around it. */
  private INDArray overNeighbours(INDArray values) {
    INDArray sums = values.dup('c');
    long channels = values.size(1);
    for (int distance = 1; distance <= (int) layerConf().getN() / 2; distance++) {
      if (distance < channels) {
        INDArrayIndex[] after = channels(distance, channels);
        INDArrayIndex[] before = channels(0, channels - distance);
        sums.get(after).addi(values.get(before));
        sums.get(before).addi(values.get(after));
      }
    }
    return sums;
  }

  private static INDArrayIndex[] channels(long from, long to) {
    return new INDArrayIndex[] {
      NDArrayIndex.all(), NDArrayIndex.interval(from, to), NDArrayIndex.all(), NDArrayIndex.all()
    };
  }

  @Override
  public boolean isPretrainLayer() {
    return false;
  }

  @Override
  public void clearNoiseWeightParams() {
    // Nothing to clear: no parameters.
  }
}
