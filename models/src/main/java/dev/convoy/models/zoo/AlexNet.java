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
 * The later AlexNet (Krizhevsky 2014, "One weird trick for parallelizing convolutional neural
 * networks", arXiv:1404.5997), with torchvision's widths: one tower of five convolutions without
 * local response normalisation, then three fully connected layers with dropout. Initial values are
 * PyTorch's.
 *
 * <p>At 3x224x224 and 1,000 classes it has 61,100,840 parameters. What is left of other images is
 * averaged to 6x6.
 */
public final class AlexNet implements Architecture {
  private static final double DROPOUT = 0.5;
  private static final int POOLED_SIDE = 6;
  private static final Window POOL = new Window(3, 2, 0);
  private static final ModelArgument.WholeNumber HIDDEN =
      new ModelArgument.WholeNumber("hidden", 4096, 1, 65536, "units of the two hidden layers");

  @Override
  public String name() {
    return "alexnet";
  }

  @Override
  public String description() {
    return "AlexNet, one tower (Krizhevsky 2014, arXiv:1404.5997, as in torchvision)";
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
    return List.of(HIDDEN);
  }

  /** 63: 15 pixels after the first convolution, then pooled to 7, 3 and 1. */
  @Override
  public int smallestSide(ModelSpec spec) {
    return 63;
  }

  @Override
  public Initialization initialization(ModelSpec spec) {
    return Initialization.PYTORCH;
  }

  @Override
  public ComputationGraphConfiguration configuration(ModelSpec spec, DataType dataType) {
    GraphLayers layers = new GraphLayers(spec.input(), dataType);
    layers.biasedConvolution("features.0", GraphLayers.INPUT, 64, new Window(11, 4, 2));
    layers.relu("features.1", "features.0");
    layers.maxPool("features.2", "features.1", POOL);
    layers.biasedConvolution("features.3", "features.2", 192, Window.centred(5, 1));
    layers.relu("features.4", "features.3");
    layers.maxPool("features.5", "features.4", POOL);
    layers.biasedConvolution("features.6", "features.5", 384, Window.centred(3, 1));
    layers.relu("features.7", "features.6");
    layers.biasedConvolution("features.8", "features.7", 256, Window.centred(3, 1));
    layers.relu("features.9", "features.8");
    layers.biasedConvolution("features.10", "features.9", 256, Window.centred(3, 1));
    layers.relu("features.11", "features.10");
    layers.maxPool("features.12", "features.11", POOL);
    String pooled = layers.adaptiveAverage("avgpool", "features.12", POOLED_SIDE);
    layers.dropout("classifier.0", pooled, DROPOUT);
    layers.dense("classifier.1", "classifier.0", HIDDEN.in(spec));
    layers.relu("classifier.2", "classifier.1");
    layers.dropout("classifier.3", "classifier.2", DROPOUT);
    layers.dense("classifier.4", "classifier.3", HIDDEN.in(spec));
    layers.relu("classifier.5", "classifier.4");
    return layers.classifier("classifier.6", "classifier.5", spec.classes());
  }
}
