package dev.convoy.models.weights;

import dev.convoy.models.InvalidModelException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The networks of Keras' {@code applications} that are registered here as well: what their layers
 * are called in torchvision, and what their images went through.
 */
enum KerasApplication {

  /**
   * ResNet-50, 101 and 152, version 1. The names are those of Keras up to 2.2 ({@code
   * res3a_branch2a}, and {@code res4b22_branch2a} of longer stages) and from 2.3 on ({@code
   * conv3_block1_1_conv}).
   */
  RESNET("resnet50|resnet101|resnet152", InputScaling.CAFFE) {

    @Override
    Optional<String> module(String layer) {
      switch (layer) {
        case "conv1", "conv1_conv":
          return Optional.of("conv1");
        case "bn_conv1", "conv1_bn":
          return Optional.of("bn1");
        case "fc1000", "predictions", "probs":
          return Optional.of("fc");
        default:
          Matcher old = OLD_NAMES.matcher(layer);
          if (old.matches()) {
            String part = old.group(4);
            int inner = part.equals("1") ? 0 : part.charAt(1) - 'a' + 1;
            return Optional.of(module(old.group(2), block(old.group(3)), inner, old.group(1)));
          }
          Matcher names = NEW_NAMES.matcher(layer);
          if (names.matches()) {
            int block = Integer.parseInt(names.group(2)) - 1;
            int inner = Integer.parseInt(names.group(3));
            return Optional.of(module(names.group(1), block, inner, names.group(4)));
          }
          return Optional.empty();
      }
    }

    @Override
    Optional<String> normOf(String convolution) {
      if (convolution.endsWith("downsample.0")) {
        return Optional.of(convolution.replace("downsample.0", "downsample.1"));
      }
      return convolution.contains("conv")
          ? Optional.of(convolution.replace("conv", "bn"))
          : Optional.empty();
    }

    /** Keras 2.3 changed the default of these networks. */
    @Override
    double epsilon(String normLayer) {
      return normLayer.startsWith("bn") ? 1e-3 : 1.001e-5;
    }

    private static int block(String letters) {
      return letters.length() == 1
          ? letters.charAt(0) - 'a'
          : Integer.parseInt(letters.substring(1));
    }

    private static String module(String stage, int block, int inner, String kind) {
      boolean norm = kind.equals("bn");
      String name = inner == 0 ? "downsample." + (norm ? 1 : 0) : (norm ? "bn" : "conv") + inner;
      return "layer" + (Integer.parseInt(stage) - 1) + "." + block + "." + name;
    }
  };

  private static final Pattern OLD_NAMES =
      Pattern.compile("(res|bn)([2-5])([a-z]|b[0-9]{1,2})_branch(1|2[abc])");
  private static final Pattern NEW_NAMES =
      Pattern.compile("conv([2-5])_block([0-9]{1,2})_([0-3])_(conv|bn)");

  private final Pattern models;
  private final InputScaling scaling;

  KerasApplication(String models, InputScaling scaling) {
    this.models = Pattern.compile(models);
    this.scaling = scaling;
  }

  /**
   * The one that a registered model is.
   *
   * @throws InvalidModelException if none is
   */
  static KerasApplication of(String model) {
    return List.of(values()).stream()
        .filter(application -> application.models.matcher(model).matches())
        .findFirst()
        .orElseThrow(
            () ->
                new InvalidModelException(
                    "weights of Keras are read into resnet50, resnet101 and resnet152; how Keras"
                        + " would name the layers of "
                        + model
                        + " is not known here. Convert them to safetensors with torchvision's names"));
  }

  /** What Keras' own weights were trained with. */
  InputScaling scaling() {
    return scaling;
  }

  /** torchvision's module for a layer of Keras, if it is one of this network's. */
  abstract Optional<String> module(String layer);

  /** The batch norm behind a convolution, both as torchvision's modules. */
  abstract Optional<String> normOf(String convolution);

  /** Of the batch norms in a file that does not say. */
  abstract double epsilon(String normLayer);
}
