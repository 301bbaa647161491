package dev.convoy.models.engine.ir;

import java.util.List;

/**
 * What an operation computes. Each says its inputs and outputs in order; those in brackets may be
 * absent. Activations are {@code [batch, channels, height, width]} or {@code [batch, features]},
 * gradients have the shape of what they belong to and are sums over the batch.
 */
public sealed interface Op {

  /** x -> y: the same tensor with other elements or in another layout. */
  record Reorder() implements Op {}

  /** x -> y: the same memory under another shape; both PLAIN. */
  record Reshape() implements Op {}

  /** x -> y: the part of x of y's shape that begins at {@code from}, one number a dimension. */
  record Slice(List<Integer> from) implements Op {
    public Slice {
      from = List.copyOf(from);
    }
  }

  /** x -> y: x among zeros, beginning at {@code before}, one number a dimension. */
  record Pad(List<Integer> before) implements Op {
    public Pad {
      before = List.copyOf(before);
    }
  }

  /** x1, x2, ... -> y: one after the other along dimension {@code axis}. */
  record Concat(int axis) implements Op {}

  /**
   * x uint8 {@code [batch, channels, height, width]} CHANNELS_LAST -> y: {@code x * scale + shift}
   * in float32, for each channel.
   */
  record NormalizeImages(List<Float> scale, List<Float> shift) implements Op {
    public NormalizeImages {
      scale = List.copyOf(scale);
      shift = List.copyOf(shift);
    }
  }

  /**
   * x, w [, b] [, addend] -> y: cross-correlation, then b, then the addend, then the activation. w
   * {@code [out, in / groups, height, width]}, b {@code [out]} float32. With an addend, of y's
   * type, y takes its place in memory.
   */
  record Convolution(Window window, int groups, Bias bias, Addend addend, Activation activation)
      implements Op {}

  /** dy, w [, addend] -> dx. With an addend, of dx's type, dx takes its place in memory. */
  record ConvolutionBackwardData(Window window, int groups, Addend addend) implements Op {}

  /** x, dy -> dw [, db], float32. */
  record ConvolutionBackwardWeights(Window window, int groups, Bias bias) implements Op {}

  /**
   * w {@code [out, in / groups, height, width]} -> w' {@code [out, merged * in / groups, height,
   * width]}: the kernel of a convolution with a {@code merged}th of the groups that computes the
   * same, each old group a block on the diagonal among zeros. PLAIN float32.
   */
  record ExpandGroups(int groups, int merged) implements Op {}

  /** dw' -> dw: the blocks on the diagonal. PLAIN float32. */
  record CollapseGroups(int groups, int merged) implements Op {}

  /**
   * x, w [, b] -> y {@code [batch, out]}. x {@code [batch, in]} and w {@code [out, in]}, or x
   * {@code [batch, channels, height, width]} and w {@code [out, channels, height, width]}.
   */
  record Dense(Bias bias, Activation activation) implements Op {}

  /** dy, w -> dx of the shape that w implies. */
  record DenseBackwardData() implements Op {}

  /** x, dy -> dw [, db], float32. */
  record DenseBackwardWeights(Bias bias) implements Op {}

  /**
   * x, gamma, beta -> y, mean, variance [, mask]: normalised by the batch's own statistics (Ioffe
   * and Szegedy 2015, arXiv:1502.03167), then the activation, IDENTITY or RELU; with RELU there is
   * a mask, the backend's. The variance is the population's. gamma, beta, mean, variance {@code
   * [channels]} float32.
   */
  record BatchNorm(double epsilon, Activation activation) implements Op {}

  /** x, mean, variance, gamma, dy [, mask] -> dx, dgamma, dbeta. */
  record BatchNormBackward(double epsilon, Activation activation) implements Op {}

  /** x, gamma, beta, mean, variance -> y: normalised by given statistics, then the activation. */
  record FixedBatchNorm(double epsilon, Activation activation) implements Op {}

  /** dy, gamma, variance -> dx, of a fixed batch norm without activation. */
  record FixedBatchNormBackward(double epsilon) implements Op {}

  /**
   * w, gamma, beta, mean, variance [, b] -> folded w, folded b: the kernel and bias of the one
   * convolution that equals a convolution and a fixed batch norm. All PLAIN float32.
   */
  record FoldBatchNorm(double epsilon, Bias bias) implements Op {}

  /**
   * mean, variance, running mean, running variance -> their "gradients" {@code (1 - decay)(running
   * - batch)}, where the batch's variance is multiplied by {@code varianceFactor} first. {@code
   * [channels]} float32.
   */
  record RunningStatistics(double decay, double varianceFactor) implements Op {}

  /** x -> y. */
  record Activate(Activation activation) implements Op {}

  /** x or y, as {@link Activation#backwardFrom} says, and dy -> dx. */
  record ActivateBackward(Activation activation) implements Op {}

  /** x -> y [, argmax]: the argmax, the backend's, for MAX in training. */
  record Pool(Window window, PoolKind kind) implements Op {}

  /** dy [, argmax] -> dx. */
  record PoolBackward(Window window, PoolKind kind) implements Op {}

  /**
   * x -> y [, workspace in training]: local response normalisation across channels (Krizhevsky et
   * al. 2012, section 3.3): {@code y = x / (k + alpha * sum x^2)^beta} over {@code size}
   * neighbouring channels; alpha is not divided by the size.
   */
  record Lrn(int size, double alpha, double beta, double k) implements Op {}

  /** x, dy, workspace -> dx. */
  record LrnBackward(int size, double alpha, double beta, double k) implements Op {}

  /** a, b -> y: a + b, then the activation. */
  record Add(Activation activation) implements Op {}

  /** a, b -> y: a * b. */
  record Multiply() implements Op {}

  /**
   * -> mask, PLAIN: {@code 1 / keep} with probability {@code keep}, 0 elsewhere; a pure function of
   * the run's seed, {@code stream} and the element's place.
   */
  record DropoutMask(double keep, int stream) implements Op {}

  /** x {@code [batch, classes]} -> y, float32 and PLAIN. */
  record Softmax() implements Op {}

  /**
   * logits, labels -> losses {@code [batch]}, dlogits: softmax and cross-entropy with the labels
   * smoothed, {@code (1 - smoothing) y + smoothing / classes} (Szegedy et al. 2015,
   * arXiv:1512.00567, section 7), the term of each class times its weight, and all times {@code
   * weight}: with q the smoothed labels and v the classes' weights, {@code -weight * sum_k v_k q_k
   * log softmax(z)_k} and {@code weight * (m softmax(z) - v q)}. Nothing is divided by the weights.
   * Float32 and PLAIN, but dlogits has the elements of its type.
   *
   * @param classWeights one a class, or none where all are 1
   * @param mass what m is
   */
  record SoftmaxCrossEntropy(double smoothing, double weight, List<Double> classWeights, Mass mass)
      implements Op {
    public SoftmaxCrossEntropy {
      classWeights = List.copyOf(classWeights);
    }

    /** All classes weigh 1. */
    public SoftmaxCrossEntropy(double smoothing, double weight) {
      this(smoothing, weight, List.of(), Mass.OF_TARGETS);
    }
  }

  /** What stands for the sum of an example's labels in a cross-entropy's gradient. */
  enum Mass {
    /** 1, whatever they add up to. */
    ONE,
    /** {@code sum_k v_k q_k}. */
    OF_TARGETS
  }

  /** Whether there is a bias among the operands. */
  enum Bias {
    ABSENT,
    PRESENT
  }

  /** Whether there is something to add the result to. */
  enum Addend {
    ABSENT,
    PRESENT
  }

  /** How a pooling makes one number of many. */
  enum PoolKind {
    MAX,
    /** The divisor counts padding. */
    AVERAGE_WITH_PADDING,
    /** The divisor counts pixels of the image only. */
    AVERAGE
  }
}
