package dev.convoy.benchmarks.libtorch;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/** Makes layers, and their weights under torchvision's names. */
final class Layers {
  private static final double TORCHVISION_EPSILON = 1e-5;
  private static final double MOMENTUM = 0.1;
  private static final long[] NO_DILATION = {1, 1};
  private static final long[] ONE_PIXEL = {1, 1};

  private final Weights weights;

  Layers(Weights weights) {
    this.weights = weights;
  }

  Layer convolution(String name, int in, int out, Window window) {
    return groupedConvolution(name, in, out, window, 1);
  }

  Layer groupedConvolution(String name, int in, int out, Window window, int groups) {
    return convolution(
        kernel(name, in / groups, out, window), new TensorOptional(), window, groups);
  }

  Layer biasedConvolution(String name, int in, int out, Window window) {
    Tensor kernel = kernel(name, in, out, window);
    Tensor bias = weights.constant(name + ".bias", 0, out);
    return convolution(kernel, new TensorOptional(bias), window, 1);
  }

  Layer batchNorm(String name, int channels) {
    return batchNorm(name, channels, TORCHVISION_EPSILON);
  }

  Layer batchNorm(String name, int channels, double epsilon) {
    TensorOptional scale = new TensorOptional(weights.constant(name + ".weight", 1, channels));
    TensorOptional shift = new TensorOptional(weights.constant(name + ".bias", 0, channels));
    TensorOptional mean =
        new TensorOptional(weights.statistic(name + ".running_mean", 0, channels));
    TensorOptional variance =
        new TensorOptional(weights.statistic(name + ".running_var", 1, channels));
    return (x, mode) ->
        torch.batch_norm(x, scale, shift, mean, variance, mode.trains(), MOMENTUM, epsilon, false);
  }

  Layer linear(String name, int in, int out) {
    Tensor weight = weights.heNormal(name + ".weight", out, in);
    TensorOptional bias = new TensorOptional(weights.constant(name + ".bias", 0, out));
    return (x, mode) -> torch.linear(x, weight, bias);
  }

  /** In place. */
  static Layer relu() {
    return (x, mode) -> {
      x.relu_();
      return x;
    };
  }

  static Layer maxPool(Window window) {
    return maxPool(window, false);
  }

  /** Keeps a last window that only partly lies inside the image. */
  static Layer ceilingMaxPool(Window window) {
    return maxPool(window, true);
  }

  static Layer averagePool(Window window) {
    long[] sizes = window.sizes();
    return (x, mode) -> torch.avg_pool2d(x, sizes);
  }

  /** Average pooling to an image of {@code side} by {@code side}. */
  static Layer adaptiveAveragePool(int side) {
    long[] sizes = {side, side};
    return (x, mode) -> torch.adaptive_avg_pool2d(x, sizes);
  }

  /** Global average pooling to {@code [n, channels]}. */
  static Layer globalAverage() {
    return Layer.sequence((x, mode) -> torch.adaptive_avg_pool2d(x, ONE_PIXEL), flatten());
  }

  static Layer flatten() {
    return (x, mode) -> x.flatten(1, -1);
  }

  static Layer dropout(double probability) {
    return (x, mode) -> mode.dropsOut() ? torch.dropout(x, probability, true) : x;
  }

  private Tensor kernel(String name, int in, int out, Window window) {
    return weights.heNormal(name + ".weight", out, in, window.size(), window.size());
  }

  private static Layer convolution(Tensor kernel, TensorOptional bias, Window window, int groups) {
    long[] strides = window.strides();
    long[] paddings = window.paddings();
    return (x, mode) -> torch.conv2d(x, kernel, bias, strides, paddings, NO_DILATION, groups);
  }

  private static Layer maxPool(Window window, boolean ceiling) {
    long[] sizes = window.sizes();
    long[] strides = window.strides();
    long[] paddings = window.paddings();
    return (x, mode) -> torch.max_pool2d(x, sizes, strides, paddings, NO_DILATION, ceiling);
  }
}
