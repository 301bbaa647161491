package dev.convoy.models.weights;

import java.util.List;
import java.util.Locale;

/**
 * What a network's images went through when its weights were trained, by the names of Keras' {@code
 * preprocess_input}. Values of pixels are v, 0 to 255.
 */
public enum InputScaling {
  /** torchvision's: v / 255, minus ImageNet's mean, divided by its standard deviation; RGB. */
  TORCH,
  /** Caffe's: v minus ImageNet's mean (103.939, 116.779, 123.68); BGR. */
  CAFFE,
  /** TensorFlow's: v / 127.5 - 1; RGB. */
  TF,
  /** v / 255; RGB. */
  UNIT;

  /**
   * As a share of 255, subtracted after the division by 255; of red, green, blue, or one of all.
   */
  public List<Double> mean() {
    return switch (this) {
      case TORCH -> List.of(0.485, 0.456, 0.406);
      case CAFFE -> List.of(123.68 / 255, 116.779 / 255, 103.939 / 255);
      case TF -> List.of(0.5);
      case UNIT -> List.of(0.0);
    };
  }

  /** As a share of 255, divided by after that. */
  public List<Double> std() {
    return switch (this) {
      case TORCH -> List.of(0.229, 0.224, 0.225);
      case CAFFE -> List.of(1.0 / 255, 1.0 / 255, 1.0 / 255);
      case TF -> List.of(0.5);
      case UNIT -> List.of(1.0);
    };
  }

  /** The order of the channels that the network was trained with; everything in Convoy is RGB. */
  ChannelOrder order() {
    return this == CAFFE ? ChannelOrder.BGR : ChannelOrder.RGB;
  }

  /** As it is given on a command line. */
  public String title() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The order of an image's channels. */
  enum ChannelOrder {
    RGB,
    BGR
  }
}
