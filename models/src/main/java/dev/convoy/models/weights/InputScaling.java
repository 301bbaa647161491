package dev.convoy.models.weights;

import java.util.List;
import java.util.Locale;

/**
 * What a network's images went through when its weights were trained, by the names of Keras' {@code
 * preprocess_input}. Values of pixels are v, 0 to 255.
 */
public enum InputScaling {
  /** torchvision's: v / 255, minus ImageNet's mean, divided by its standard deviation; RGB. */
  TORCH(List.of(0.485, 0.456, 0.406), List.of(0.229, 0.224, 0.225), ChannelOrder.RGB),

  /** Caffe's: v minus ImageNet's mean (103.939, 116.779, 123.68); BGR. */
  CAFFE(
      List.of(123.68 / 255, 116.779 / 255, 103.939 / 255),
      List.of(1.0 / 255, 1.0 / 255, 1.0 / 255),
      ChannelOrder.BGR),

  /** TensorFlow's: v / 127.5 - 1; RGB. */
  TF(List.of(0.5), List.of(0.5), ChannelOrder.RGB),

  /** v / 255; RGB. */
  UNIT(List.of(0.0), List.of(1.0), ChannelOrder.RGB);

  private final List<Double> mean;
  private final List<Double> std;
  private final ChannelOrder order;

  InputScaling(List<Double> mean, List<Double> std, ChannelOrder order) {
    this.mean = mean;
    this.std = std;
    this.order = order;
  }

  /** As a share of 255, subtracted after the division by 255; of red, green, blue, or one of all. */
  public List<Double> mean() {
    return mean;
  }

  /** As a share of 255, divided by after that. */
  public List<Double> std() {
    return std;
  }

  /** The order of the channels that the network was trained with. */
  ChannelOrder order() {
    return order;
  }

  /** As it is given on a command line. */
  public String title() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The order of an image's channels. Everything in Convoy is RGB. */
  enum ChannelOrder {
    RGB,
    BGR
  }
}
