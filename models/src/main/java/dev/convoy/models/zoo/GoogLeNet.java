package dev.convoy.models.zoo;

import dev.convoy.models.Architecture;
import dev.convoy.models.InitialDistribution.Constant;
import dev.convoy.models.InitialDistribution.FanInUniform;
import dev.convoy.models.InitialDistribution.Normal;
import dev.convoy.models.Initialization;
import dev.convoy.models.InputShape;
import dev.convoy.models.ModelArgument;
import dev.convoy.models.ModelSpec;
import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * GoogLeNet (Szegedy et al. 2014, "Going Deeper with Convolutions", arXiv:1409.4842, table 1 and
 * figure 3), in two forms with the same names.
 *
 * <p>With batch norm, as in torchvision: batch norm with epsilon 1e-3 after every convolution,
 * which has no bias, and 3x3 instead of 5x5 convolutions in the third branch. At 3x224x224 and
 * 1,000 classes 6,624,904 parameters, with the auxiliary classifiers 13,004,888.
 *
 * <p>Without it, as in the paper: convolutions with biases, 5x5 in the third branch, and local
 * response normalisation around the second stage; the auxiliary classifiers pool 5x5 with stride 3.
 * 6,998,552 parameters, with the auxiliary classifiers 13,378,280. The paper does not say how its
 * weights begin; these are uniform and keep the variance, biases 0.2, as in Caffe's GoogLeNet.
 *
 * <p>Poolings round up in both. Two auxiliary classifiers (section 5) are further outputs, with
 * weight 0.3 in the loss; they are for training, the first output alone is the prediction.
 */
public final class GoogLeNet implements Architecture {
  private static final double NORM_EPSILON = 1e-3;
  private static final double DROPOUT = 0.2;
  private static final double PAPERS_DROPOUT = 0.4;
  private static final double AUXILIARY_DROPOUT = 0.7;
  private static final double AUXILIARY_WEIGHT = 0.3;
  private static final ModelArgument.Switch BATCH_NORM =
      new ModelArgument.Switch(
          "batch_norm", 1, "1: a batch norm after every convolution; 0: the paper's own form");

  /** torchvision's, a truncated normal that is cut off at 200 deviations. */
  private static final Initialization TORCHVISION =
      Initialization.of(new Normal(0.01), new Constant(0), new Normal(0.01), new FanInUniform(1));

  private static final Initialization CAFFE =
      Initialization.of(
              new FanInUniform(3), new Constant(0.2), new FanInUniform(3), new Constant(0.2))
          .except("(fc|aux1\\.fc2|aux2\\.fc2)\\.bias", new Constant(0));

  private static final Window HALVING = new Window(3, 2, 0);

  /**
   * One row of table 1: the channels of the 1x1 convolution that stands alone, of the larger
   * convolutions and of the reductions before them, and of the one after the pooling.
   */
  private record Inception(
      String name, int single, int reduced3, int out3, int reduced5, int out5, int pooled) {}

  private static final List<Inception> STAGE_3 =
      List.of(
          new Inception("inception3a", 64, 96, 128, 16, 32, 32),
          new Inception("inception3b", 128, 128, 192, 32, 96, 64));
  private static final List<Inception> STAGE_4 =
      List.of(
          new Inception("inception4a", 192, 96, 208, 16, 48, 64),
          new Inception("inception4b", 160, 112, 224, 24, 64, 64),
          new Inception("inception4c", 128, 128, 256, 24, 64, 64),
          new Inception("inception4d", 112, 144, 288, 32, 64, 64),
          new Inception("inception4e", 256, 160, 320, 32, 128, 128));
  private static final List<Inception> STAGE_5 =
      List.of(
          new Inception("inception5a", 256, 160, 320, 32, 128, 128),
          new Inception("inception5b", 384, 192, 384, 48, 128, 128));

  @Override
  public String name() {
    return "googlenet";
  }

  @Override
  public String description() {
    return "GoogLeNet with batch norm as in torchvision (Szegedy et al. 2014, table 1)";
  }

  @Override
  public InputShape defaultInput() {
    return new InputShape(3, 224, 224);
  }

  @Override
  public int defaultClasses() {
    return 1000;
  }

  @Override
  public List<ModelArgument> arguments() {
    return List.of(BATCH_NORM);
  }

  /**
   * 15: 8 pixels after the first convolution, 4, 2 and 1 after the poolings. 79 without batch norm:
   * 40, 20, 10 and 5, from which the auxiliary classifiers pool 5x5.
   */
  @Override
  public int smallestSide(ModelSpec spec) {
    return BATCH_NORM.isOn(spec) ? 15 : 79;
  }

  @Override
  public Initialization initialization(ModelSpec spec) {
    return BATCH_NORM.isOn(spec) ? TORCHVISION : CAFFE;
  }

  @Override
  public ComputationGraphConfiguration configuration(ModelSpec spec, DataType dataType) {
    GraphLayers layers = new GraphLayers(spec.input(), dataType, NORM_EPSILON);
    return new Form(layers, BATCH_NORM.isOn(spec)).network(spec.classes());
  }

  /** One of the two forms under construction. */
  private record Form(GraphLayers layers, boolean batchNorm) {

    ComputationGraphConfiguration network(int classes) {
      String at = convolution("conv1", GraphLayers.INPUT, 64, Window.centred(7, 2));
      at = responseNorm("lrn1", layers.ceilMaxPool("maxpool1", at, HALVING));
      at = convolution("conv2", at, 64, Window.of(1));
      at = responseNorm("lrn2", convolution("conv3", at, 192, Window.centred(3, 1)));
      at = layers.ceilMaxPool("maxpool2", at, HALVING);
      at = stage(at, STAGE_3);
      at = layers.ceilMaxPool("maxpool3", at, HALVING);
      at = stage(at, STAGE_4);
      at = layers.ceilMaxPool("maxpool4", at, batchNorm ? new Window(2, 2, 0) : HALVING);
      at = stage(at, STAGE_5);
      auxiliary("aux1", "inception4a", classes);
      auxiliary("aux2", "inception4d", classes);
      layers.globalAverage("avgpool", at);
      layers.dropout("dropout", "avgpool", batchNorm ? DROPOUT : PAPERS_DROPOUT);
      return layers.classifier("fc", "dropout", classes);
    }

    private String stage(String from, List<Inception> modules) {
      String at = from;
      for (Inception module : modules) {
        at = inception(module, at);
      }
      return at;
    }

    private String inception(Inception module, String from) {
      String name = module.name();
      Window three = Window.centred(3, 1);
      Window larger = batchNorm ? three : Window.centred(5, 1);
      String reduced3 = convolution(name + ".branch2.0", from, module.reduced3(), Window.of(1));
      String reduced5 = convolution(name + ".branch3.0", from, module.reduced5(), Window.of(1));
      String pooled = layers.maxPool(name + ".branch4.0", from, three);
      return layers.concatenation(
          name,
          convolution(name + ".branch1", from, module.single(), Window.of(1)),
          convolution(name + ".branch2.1", reduced3, module.out3(), three),
          convolution(name + ".branch3.1", reduced5, module.out5(), larger),
          convolution(name + ".branch4.1", pooled, module.pooled(), Window.of(1)));
    }

    private String convolution(String name, String from, int out, Window window) {
      if (batchNorm) {
        layers.convolution(name + ".conv", from, out, window);
        layers.norm(name + ".bn", name + ".conv");
        return layers.relu(name + ".relu", name + ".bn");
      }
      layers.biasedConvolution(name + ".conv", from, out, window);
      return layers.relu(name + ".relu", name + ".conv");
    }

    private String responseNorm(String name, String from) {
      return batchNorm ? from : layers.localResponseNorm(name, from);
    }

    private void auxiliary(String name, String from, int classes) {
      String at =
          batchNorm
              ? layers.adaptiveAverage(name + ".avgpool", from, 4)
              : layers.averagePool(name + ".avgpool", from, 5, 3);
      at = convolution(name + ".conv", at, 128, Window.of(1));
      layers.dense(name + ".fc1", at, 1024);
      layers.relu(name + ".relu", name + ".fc1");
      layers.dropout(name + ".dropout", name + ".relu", AUXILIARY_DROPOUT);
      layers.auxiliaryClassifier(name + ".fc2", name + ".dropout", classes, AUXILIARY_WEIGHT);
    }
  }
}
