package dev.convoy.models;

import dev.convoy.models.state.NetworkState;
import dev.convoy.models.training.ComputeProfile;
import dev.convoy.models.training.OptimizerSettings;
import dev.convoy.models.training.PrecisionChoice;
import dev.convoy.models.training.TrainingReplica;
import java.util.Random;
import java.util.Set;

/**
 * Untrained networks whose batch norms know what they see. At the initial running statistics each
 * residual block doubles the variance: predictions of deep networks are ones and zeros then, and
 * 600 blocks overflow.
 */
public final class SettledStates {
  private static final int EXAMPLES = 4;

  private SettledStates() {}

  /**
   * Steps at rate 0: of the initial statistics 0.9 to the power of {@code steps} remains.
   *
   * @return the losses, in the order of the steps
   */
  public static double[] settle(TrainingReplica replica, float[] images, int[] labels, int steps) {
    double[] losses = new double[steps];
    for (int step = 0; step < steps; step++) {
      losses[step] = replica.step(images, labels, 0);
    }
    return losses;
  }

  /** The architecture's initial values, with statistics of 4 images of Gaussian noise. */
  public static NetworkState of(ModelSpec spec, long seed, int steps) {
    Random random = new Random(seed);
    float[] images = new float[EXAMPLES * spec.input().values()];
    for (int i = 0; i < images.length; i++) {
      images[i] = (float) random.nextGaussian();
    }
    ComputeProfile profile = ComputeProfile.resolve(1, PrecisionChoice.FLOAT32);
    try (TrainingReplica replica =
        TrainingReplica.create(spec, new OptimizerSettings(0, 0, Set.of()), 0, profile)) {
      replica.initialise(seed);
      settle(replica, images, random.ints(EXAMPLES, 0, spec.classes()).toArray(), steps);
      return replica.capture();
    }
  }
}
