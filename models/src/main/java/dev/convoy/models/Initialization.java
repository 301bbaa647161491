package dev.convoy.models;

import dev.convoy.models.InitialDistribution.Constant;
import dev.convoy.models.InitialDistribution.Fan;
import dev.convoy.models.InitialDistribution.FanInUniform;
import dev.convoy.models.InitialDistribution.HeNormal;
import dev.convoy.models.InitialDistribution.Normal;
import dev.convoy.models.state.ParameterSlot;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * From which distributions an architecture's parameters start. Batch norms' scales and running
 * variances start at 1, their shifts and running means at 0, except where a rule says otherwise.
 *
 * @param kernels weights of convolutions
 * @param kernelBiases biases of convolutions
 * @param matrices weights of fully connected layers
 * @param matrixBiases biases of fully connected layers
 * @param exceptions tensors that start otherwise; the first that names a tensor decides
 */
public record Initialization(
    InitialDistribution kernels,
    InitialDistribution kernelBiases,
    InitialDistribution matrices,
    InitialDistribution matrixBiases,
    List<Exemption> exceptions) {

  /**
   * Tensors that start otherwise.
   *
   * @param names a regular expression that their whole names match
   */
  public record Exemption(String names, InitialDistribution distribution) {
    boolean fits(ParameterSlot slot) {
      return Pattern.matches(names, slot.name());
    }
  }

  private static final InitialDistribution ZERO = new Constant(0);

  /** He normal with fan-in for every weight, biases 0 (He et al. 2015, arXiv:1502.01852). */
  public static final Initialization HE =
      of(new HeNormal(Fan.IN), ZERO, new HeNormal(Fan.IN), ZERO);

  /** PyTorch's own for what is given no other: uniform, bound {@code 1 / sqrt(fan-in)}. */
  public static final Initialization PYTORCH =
      of(new FanInUniform(1), new FanInUniform(1), new FanInUniform(1), new FanInUniform(1));

  /** torchvision's for residual networks: convolutions He normal with fan-out. */
  public static final Initialization TORCHVISION_RESNET =
      of(new HeNormal(Fan.OUT), ZERO, new FanInUniform(1), new FanInUniform(1));

  /** torchvision's for VGG: He normal with fan-out, fully connected layers normal with 0.01. */
  public static final Initialization TORCHVISION_VGG =
      of(new HeNormal(Fan.OUT), ZERO, new Normal(0.01), ZERO);

  public Initialization {
    exceptions = List.copyOf(exceptions);
  }

  /** Without exceptions. */
  public static Initialization of(
      InitialDistribution kernels,
      InitialDistribution kernelBiases,
      InitialDistribution matrices,
      InitialDistribution matrixBiases) {
    return new Initialization(kernels, kernelBiases, matrices, matrixBiases, List.of());
  }

  /** As this, but tensors whose whole names match the regular expression start otherwise. */
  public Initialization except(String names, InitialDistribution distribution) {
    List<Exemption> more = new ArrayList<>(exceptions);
    more.add(new Exemption(names, distribution));
    return new Initialization(kernels, kernelBiases, matrices, matrixBiases, more);
  }

  /** An exception that names nothing is a mistake in the architecture. */
  void requireFitting(List<ParameterSlot> slots) {
    for (Exemption exemption : exceptions) {
      if (slots.stream().noneMatch(exemption::fits)) {
        throw new IllegalStateException(
            "no tensor of the network is named as in " + exemption.names());
      }
    }
  }

  /**
   * What a tensor starts from.
   *
   * @param weight the tensor itself, or the weight of the same layer
   */
  InitialDistribution of(ParameterSlot slot, ParameterSlot weight) {
    for (Exemption exemption : exceptions) {
      if (exemption.fits(slot)) {
        return exemption.distribution();
      }
    }
    boolean convolution = weight.shape().length == 4;
    return switch (slot.kind()) {
      case WEIGHT -> convolution ? kernels : matrices;
      case BIAS -> convolution ? kernelBiases : matrixBiases;
      case NORM_SCALE, RUNNING_VARIANCE -> new Constant(1);
      case NORM_SHIFT, RUNNING_MEAN -> ZERO;
    };
  }
}
