package dev.convoy.models.export;

import dev.convoy.models.Architecture;
import dev.convoy.models.InputShape;
import dev.convoy.models.ModelRegistry;
import dev.convoy.models.ModelSpec;
import dev.convoy.models.state.NetworkState;
import dev.convoy.models.state.ParameterKind;
import dev.convoy.models.state.ParameterLayout;
import dev.convoy.models.state.ParameterSlot;
import dev.convoy.models.training.ComputeProfile;
import dev.convoy.models.training.OptimizerSettings;
import dev.convoy.models.training.PrecisionChoice;
import dev.convoy.models.training.TrainingReplica;
import dev.convoy.models.zoo.NarrowModels;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;

/** Networks to export, filled so that every tensor matters, and what they answer here. */
final class ExportNetworks {
  private static final ModelRegistry REGISTRY = ModelRegistry.standard();
  private static final ComputeProfile PROFILE = ComputeProfile.resolve(1, PrecisionChoice.FLOAT32);

  /** ResNet-50, ResNeXt-50 and GoogLeNet have less. */
  private static final int MOST_VERTICES = 250;

  /** A spread near to that of the least probability that {@link #spread} sees. */
  private static final double SATURATED = 80;

  private ExportNetworks() {}

  /** A model with every width at a quarter of its default, of small images, not square. */
  static ModelSpec narrow(String name) {
    Architecture architecture = NarrowModels.architecture(name);
    ModelSpec published = NarrowModels.of(name, architecture.defaultInput(), 5);
    int side = Math.max(architecture.smallestSide(published), 24);
    return NarrowModels.of(name, new InputShape(3, side, side + 1), 5);
  }

  /** Names of the registry's models, and forms, that are quickly built, in their order. */
  static List<String> shallow() {
    return names(false);
  }

  /** Names of the others. */
  static List<String> deep() {
    return names(true);
  }

  private static List<String> names(boolean deep) {
    return NarrowModels.allAndForms()
        .filter(name -> deep == vertices(name) > MOST_VERTICES)
        .toList();
  }

  private static int vertices(String name) {
    return REGISTRY.configuration(narrow(name), DataType.FLOAT).getVertices().size();
  }

  static ParameterLayout layout(ModelSpec spec) {
    ComputationGraph graph = REGISTRY.buildEmpty(spec);
    try {
      return ParameterLayout.of(graph);
    } finally {
      graph.params().close();
    }
  }

  /** Filled with numbers such that the logits of the images are between -3 and 3. */
  static TrainedNetwork filled(ModelSpec spec, float[] images, int examples) {
    ParameterLayout layout = layout(spec);
    float[] parameters = new float[layout.length()];
    Random random = new Random(spec.name().hashCode());
    layout.slots().forEach(slot -> fill(parameters, slot, random));
    TrainedNetwork network = network(spec, parameters);
    double spread;
    do { // a saturated softmax hides how far the logits lie apart: the deepest take several rounds
      spread = spread(network, images, examples);
      scaleClassifier(network, layout, spread);
    } while (spread > SATURATED);
    return network;
  }

  static TrainedNetwork network(ModelSpec spec, float[] parameters) {
    int channels = spec.input().channels();
    List<String> classes =
        IntStream.range(0, spec.classes()).mapToObj(i -> "class \"" + i + "\"").toList();
    int named = channels == 3 ? 3 : 1;
    List<Double> mean = List.of(0.485, 0.456, 0.406).subList(0, named);
    List<Double> std = List.of(0.229, 0.224, 0.225).subList(0, named);
    return new TrainedNetwork(spec, parameters, classes, mean, std);
  }

  private static void fill(float[] parameters, ParameterSlot slot, Random random) {
    double scale = Math.sqrt(2.0 * slot.shape()[0] / slot.length());
    for (int i = 0; i < slot.length(); i++) {
      double z = slot.kind() == ParameterKind.WEIGHT ? random.nextGaussian() : 0;
      double u = 2 * random.nextDouble() - 1;
      parameters[slot.offset() + i] =
          (float)
              switch (slot.kind()) {
                case WEIGHT -> z * scale;
                case NORM_SCALE -> 0.7 + 0.2 * u;
                case BIAS, NORM_SHIFT, RUNNING_MEAN -> 0.2 * u;
                case RUNNING_VARIANCE -> 1.5 + 0.5 * u;
              };
    }
  }

  /** How far the logarithms of one image's probabilities lie apart, at most. */
  private static double spread(TrainedNetwork network, float[] images, int examples) {
    float[] p = probabilities(network, images, examples);
    int classes = network.model().classes();
    double spread = 0;
    for (int i = 0; i < examples; i++) {
      double least = 0;
      double most = Double.NEGATIVE_INFINITY;
      for (int c = 0; c < classes; c++) {
        double log = Math.log(Math.max(p[i * classes + c], 1e-37));
        least = Math.min(least, log);
        most = Math.max(most, log);
      }
      spread = Math.max(spread, most - least);
    }
    return spread;
  }

  /** Scales the last layer with a weight, so that the softmax is not saturated. */
  private static void scaleClassifier(
      TrainedNetwork network, ParameterLayout layout, double spread) {
    String classifier =
        REGISTRY.configuration(network.model(), DataType.FLOAT).getNetworkOutputs().get(0);
    for (ParameterSlot slot : layout.slots()) {
      if (slot.name().startsWith(classifier + ".")) {
        for (int i = slot.offset(); i < slot.offset() + slot.length(); i++) {
          network.parameters()[i] *= (float) Math.min(1e3, 3 / Math.max(spread, 1e-3));
        }
      }
    }
  }

  static float[] images(ModelSpec spec, int examples) {
    Random random = new Random(17);
    float[] images = new float[examples * spec.input().values()];
    for (int i = 0; i < images.length; i++) {
      images[i] = (float) random.nextGaussian();
    }
    return images;
  }

  static float[] probabilities(TrainedNetwork network, float[] images, int examples) {
    ModelSpec spec = network.model();
    try (TrainingReplica replica =
        TrainingReplica.create(spec, new OptimizerSettings(0, 0, Set.of()), 0, PROFILE)) {
      replica.restore(NetworkState.atRest(network.parameters()));
      return replica.probabilities(images, examples);
    }
  }
}
