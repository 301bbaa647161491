package dev.convoy.benchmarks.libtorch;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * A network's parameters and running statistics by their names in torchvision's {@code state_dict}.
 * Convolution kernels lie channels-last.
 */
final class Weights {
  private final ScalarType type;
  private final Map<String, Tensor> parameters = new LinkedHashMap<>();
  private final Map<String, Tensor> statistics = new LinkedHashMap<>();

  /**
   * @param type of every tensor: float32, or float64 to compare with reference values
   */
  Weights(ScalarType type) {
    this.type = type;
  }

  ScalarType type() {
    return type;
  }

  /** A weight drawn from He's normal distribution; {@code shape} starts with the outputs. */
  Tensor heNormal(String name, long... shape) {
    long fanIn = Arrays.stream(shape).skip(1).reduce(1, Math::multiplyExact);
    try (Scalar deviation = new Scalar(Math.sqrt(2.0 / fanIn));
        Tensor drawn = torch.randn(shape, options());
        Tensor scaled = drawn.mul(deviation)) {
      return parameter(name, shape.length == 4 ? channelsLast(scaled) : new Tensor(scaled));
    }
  }

  /** A parameter with one value throughout. */
  Tensor constant(String name, double value, long... shape) {
    return parameter(name, filled(value, shape));
  }

  /** A running statistic, which no gradient reaches. */
  Tensor statistic(String name, double value, long... shape) {
    return unique(statistics, name, filled(value, shape));
  }

  /** In the order in which they were made. */
  Map<String, Tensor> parameters() {
    return Collections.unmodifiableMap(parameters);
  }

  Map<String, Tensor> statistics() {
    return Collections.unmodifiableMap(statistics);
  }

  /** The number of trainable values. */
  long count() {
    return parameters.values().stream().mapToLong(Tensor::numel).sum();
  }

  /**
   * The same values in the layout that {@code tensor.to(memory_format=torch.channels_last)} gives.
   */
  static Tensor channelsLast(Tensor tensor) {
    try (MemoryFormatOptional format = new MemoryFormatOptional(torch.MemoryFormat.ChannelsLast)) {
      return tensor.to(tensor.scalar_type(), false, false, format);
    }
  }

  private Tensor filled(double value, long... shape) {
    try (Scalar scalar = new Scalar(value)) {
      return torch.full(shape, scalar, options());
    }
  }

  private TensorOptions options() {
    return new TensorOptions().dtype(new ScalarTypeOptional(type));
  }

  private Tensor parameter(String name, Tensor tensor) {
    tensor.set_requires_grad(true);
    return unique(parameters, name, tensor);
  }

  private static Tensor unique(Map<String, Tensor> tensors, String name, Tensor tensor) {
    if (tensors.putIfAbsent(name, tensor) != null) {
      throw new IllegalArgumentException("two tensors are named " + name);
    }
    return tensor;
  }
}
