package dev.convoy.models.layers;

import java.util.Arrays;
import org.deeplearning4j.exception.DL4JInvalidInputException;
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

/** The reference implementation of {@link InputNormalization}. */
final class InputNormalizationLayer extends AbstractLayer<InputNormalization> {

  InputNormalizationLayer(NeuralNetConfiguration conf, DataType dataType) {
    super(conf, dataType);
  }

  @Override
  public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
    assertInputSet(false);
    int channels = layerConf().scale().length;
    if (input.rank() != 4 || input.size(3) != channels) {
      throw new DL4JInvalidInputException(
          "input normalization "
              + layerId()
              + " takes [batch, height, width, "
              + channels
              + "], not "
              + Arrays.toString(input.shape()));
    }
    INDArray normalized = input.castTo(DataType.FLOAT).permute(0, 3, 1, 2).dup('c');
    normalized.muli(byChannel(layerConf().scale())).addi(byChannel(layerConf().shift()));
    INDArray output =
        workspaces.createUninitialized(ArrayType.ACTIVATIONS, dataType, normalized.shape(), 'c');
    return output.assign(normalized);
  }

  private static INDArray byChannel(float[] values) {
    return Nd4j.createFromArray(values).reshape(1, values.length, 1, 1);
  }

  /** Nothing is in front of it that could use a gradient. */
  @Override
  public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
    return new Pair<>(new DefaultGradient(), null);
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
