package dev.convoy.models;

import dev.convoy.models.state.ParameterSlot;
import java.util.Arrays;

/**
 * What the elements of a tensor are drawn from. A bias has the fans of the weight beside it; a
 * weight's fan-in is the number of inputs that each output sums over, its fan-out, as PyTorch
 * counts it also for convolutions in groups, out x height x width of the kernel.
 */
public sealed interface InitialDistribution {

  /** Some elements, each a function of (seed, the tensor's name, its place) alone. */
  double[] draw(Piece piece);

  /**
   * A part of a tensor that is to be drawn.
   *
   * @param from the first element, an even number
   * @param fanIn at least 1
   * @param fanOut at least 1
   */
  record Piece(long seed, String name, int from, int length, int fanIn, int fanOut) {

    /** A part of a slot's tensor; {@code weight} is itself or the weight beside it. */
    static Piece of(ParameterSlot slot, ParameterSlot weight, long seed, int from, int length) {
      int[] shape = weight.shape();
      int fanIn = weight.length() / shape[0];
      int window = 1;
      for (int i = 2; i < shape.length; i++) {
        window *= shape[i];
      }
      return new Piece(seed, slot.name(), from, length, fanIn, shape[0] * window);
    }
  }

  /** The same value everywhere. */
  record Constant(double value) implements InitialDistribution {
    @Override
    public double[] draw(Piece piece) {
      double[] values = new double[piece.length()];
      Arrays.fill(values, value);
      return values;
    }
  }

  /** Normal with mean 0. */
  record Normal(double deviation) implements InitialDistribution {
    @Override
    public double[] draw(Piece piece) {
      return SeededNoise.normal(
          piece.seed(), piece.name(), piece.from(), piece.length(), deviation);
    }
  }

  /** What keeps its variance from layer to layer. */
  enum Fan {
    /** Activations, in the forward pass. */
    IN,
    /** Gradients, in the backward pass. */
    OUT
  }

  /**
   * Normal with mean 0 and standard deviation {@code sqrt(2 / fan)} (He et al. 2015, "Delving Deep
   * into Rectifiers", arXiv:1502.01852, section 2.2, equations 10 and 14).
   */
  record HeNormal(Fan fan) implements InitialDistribution {
    @Override
    public double[] draw(Piece piece) {
      double deviation = StrictMath.sqrt(2.0 / (fan == Fan.IN ? piece.fanIn() : piece.fanOut()));
      return new Normal(deviation).draw(piece);
    }
  }

  /**
   * Uniform in [-b, b) with {@code b = sqrt(gain / fanIn)}: gain 1 is PyTorch's default for weights
   * and biases of convolutions and fully connected layers, gain 3 keeps the variance of linear
   * layers (Caffe's "xavier").
   */
  record FanInUniform(double gain) implements InitialDistribution {
    @Override
    public double[] draw(Piece piece) {
      double bound = StrictMath.sqrt(gain / piece.fanIn());
      return SeededNoise.uniform(piece.seed(), piece.name(), piece.from(), piece.length(), bound);
    }
  }
}
