package dev.convoy.models.zoo;

import dev.convoy.models.Architecture;
import dev.convoy.models.Initialization;
import dev.convoy.models.InputShape;
import dev.convoy.models.ModelArgument;
import dev.convoy.models.ModelSpec;
import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * LeNet-5 (LeCun, Bottou, Bengio, Haffner 1998, "Gradient-based learning applied to document
 * recognition", section II.B) with full connections in C3, ReLU, max pooling and a linear softmax
 * classifier. At 1x28x28 and 10 classes it has 61,706 parameters.
 *
 * <p>Because of ReLU its weights are He normal, not the paper's uniform ones.
 */
public final class LeNet5 implements Architecture {

  @Override
  public String name() {
    return "lenet";
  }

  @Override
  public String description() {
    return "LeNet-5 with ReLU and max pooling (LeCun et al. 1998, section II.B)";
  }

  @Override
  public InputShape defaultInput() {
    return new InputShape(1, 28, 28);
  }

  @Override
  public int defaultClasses() {
    return 10;
  }

  @Override
  public List<ModelArgument> arguments() {
    return List.of();
  }

  /** 12: pooled to 6, convolved with 5x5 to 2, pooled to 1. */
  @Override
  public int smallestSide(ModelSpec spec) {
    return 12;
  }

  @Override
  public Initialization initialization(ModelSpec spec) {
    return Initialization.HE;
  }

  @Override
  public ComputationGraphConfiguration configuration(ModelSpec spec, DataType dataType) {
    GraphLayers layers = new GraphLayers(spec.input(), dataType);
    layers.biasedConvolution("conv1", GraphLayers.INPUT, 6, Window.centred(5, 1));
    layers.relu("relu1", "conv1");
    layers.maxPool("pool1", "relu1", new Window(2, 2, 0));
    layers.biasedConvolution("conv2", "pool1", 16, Window.of(5));
    layers.relu("relu2", "conv2");
    layers.maxPool("pool2", "relu2", new Window(2, 2, 0));
    layers.dense("fc1", "pool2", 120);
    layers.relu("relu3", "fc1");
    layers.dense("fc2", "relu3", 84);
    layers.relu("relu4", "fc2");
    return layers.classifier("fc3", "relu4", spec.classes());
  }
}
