package dev.convoy.models.layers;

import java.util.Arrays;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.AbstractLayer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The reference implementation of {@link AdaptiveAveragePooling}: each output pixel is a weighted
 * sum of the plane's input pixels, so that all of them together are one matrix product.
 */
final class AdaptiveAveragePoolingLayer extends AbstractLayer<AdaptiveAveragePooling> {

  AdaptiveAveragePoolingLayer(NeuralNetConfiguration conf, DataType dataType) {
    super(conf, dataType);
  }

  @Override
  public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
    assertInputSet(false);
    INDArray images = Contiguous.of(input.castTo(dataType));
    long[] shape = {
      images.size(0), images.size(1), layerConf().getHeight(), layerConf().getWidth()
    };
    INDArray output = workspaces.createUninitialized(ArrayType.ACTIVATIONS, dataType, shape, 'c');
    Nd4j.matmul(planes(images), weights(), planes(output));
    return output;
  }

  @Override
  public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
    assertInputSet(true);
    INDArray outputEpsilon = Contiguous.of(epsilon.castTo(dataType));
    INDArray inputEpsilon =
        workspaces.createUninitialized(ArrayType.ACTIVATION_GRAD, dataType, input.shape(), 'c');
    Nd4j.matmul(planes(outputEpsilon), weights(), planes(inputEpsilon), false, true, false);
    return new Pair<>(new DefaultGradient(), inputEpsilon);
  }

  /** A view with one row for each channel of each image. */
  private static INDArray planes(INDArray images) {
    return images.reshape(
        'c', true, images.size(0) * images.size(1), images.size(2) * images.size(3));
  }

  /** {@code [input pixels, output pixels]}: 1 / n where the output's window has n pixels. */
  private INDArray weights() {
    double[][] rows = means(input.size(2), layerConf().getHeight());
    double[][] columns = means(input.size(3), layerConf().getWidth());
    int height = (int) input.size(2);
    int width = (int) input.size(3);
    double[][] weights = new double[height * width][rows.length * columns.length];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        for (int i = 0; i < rows.length; i++) {
          for (int j = 0; j < columns.length; j++) {
            weights[y * width + x][i * columns.length + j] = rows[i][y] * columns[j][x];
          }
        }
      }
    }
    return Nd4j.createFromArray(weights).castTo(dataType);
  }

  /** {@code [windows, pixels]} along one side. */
  private static double[][] means(long pixels, int windows) {
    double[][] means = new double[windows][(int) pixels];
    for (int i = 0; i < windows; i++) {
      int from = (int) (i * pixels / windows);
      int to = (int) (((i + 1) * pixels + windows - 1) / windows);
      Arrays.fill(means[i], from, to, 1.0 / (to - from));
    }
    return means;
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
