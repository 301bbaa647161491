package dev.convoy.models.layers;

import java.util.Collection;
import org.deeplearning4j.exception.DL4JInvalidConfigException;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.LocalResponseNormalization;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Local response normalisation across channels (Krizhevsky, Sutskever, Hinton 2012, "ImageNet
 * Classification with Deep Convolutional Neural Networks", section 3.3): {@code b_i = a_i / (k +
 * alpha * sum_j a_j^2)^beta}, where j runs over the size channels around i, as many as there are.
 * Alpha is not divided by the size. Input and output {@code [batch, channels, height, width]},
 * NCHW.
 *
 * <p>DL4J's {@link LocalResponseNormalization} computes the same, but its backward pass divides by
 * the wrong channel's sum; this layer's gradient is the exact one. It has no other settings than
 * DL4J's.
 */
public final class ExactLocalResponseNormalization extends LocalResponseNormalization {

  /** For Jackson. */
  private ExactLocalResponseNormalization() {}

  /**
   * @param size channels that are summed over, odd
   * @param k at least 0, above 0 so that nothing is divided by 0
   */
  public ExactLocalResponseNormalization(int size, double k, double alpha, double beta) {
    if (size < 1 || size % 2 == 0) {
      throw new DL4JInvalidConfigException(
          "local response normalization over " + size + " channels; their number has to be odd");
    }
    if (!(k > 0 && alpha >= 0)) {
      throw new DL4JInvalidConfigException(
          "local response normalization has k "
              + k
              + " and alpha "
              + alpha
              + "; k has to be positive and alpha not negative");
    }
    setN(size);
    setK(k);
    setAlpha(alpha);
    setBeta(beta);
    setDataFormat(CNN2DFormat.NCHW);
  }

  @Override
  public Layer instantiate(
      NeuralNetConfiguration conf,
      Collection<TrainingListener> listeners,
      int layerIndex,
      INDArray parameters,
      boolean initializeParameters,
      DataType networkType) {
    ExactLocalResponseNormalizationLayer layer =
        new ExactLocalResponseNormalizationLayer(conf, networkType);
    layer.setListeners(listeners);
    layer.setIndex(layerIndex);
    return layer;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ExactLocalResponseNormalization && super.equals(other);
  }

  @Override
  protected boolean canEqual(Object other) {
    return other instanceof ExactLocalResponseNormalization;
  }

  @Override
  public int hashCode() {
    return 31 * super.hashCode() + 1;
  }

  @Override
  public String toString() {
    return "ExactLocalResponseNormalization(size="
        + (int) getN()
        + ", k="
        + getK()
        + ", alpha="
        + getAlpha()
        + ", beta="
        + getBeta()
        + ")";
  }
}
