package dev.convoy.models.training;

import dev.convoy.models.InputShape;
import dev.convoy.models.ModelSpec;
import dev.convoy.models.engine.backend.Device;
import dev.convoy.models.state.NetworkState;
import java.util.Random;
import java.util.Set;

/** Small training runs for the tests. */
final class Replicas {
  static final ModelSpec LENET = ModelSpec.of("lenet", new InputShape(1, 28, 28), 10);
  static final ModelSpec SMALL_RESNET = ModelSpec.of("resnet20_cifar", new InputShape(3, 8, 8), 10);
  static final OptimizerSettings PLAIN = new OptimizerSettings(0.9, 1e-4, Set.of());

  static final ComputeProfile PROFILE = ComputeProfile.resolve(1, PrecisionChoice.FLOAT32);

  private Replicas() {}

  static TrainingReplica create(ModelSpec spec) {
    return TrainingReplica.create(spec, PLAIN, 0.1, PROFILE);
  }

  static TrainingReplica on(ComputeProfile profile, Device device) {
    return TrainingReplica.create(LENET, PLAIN, 0.1, profile, device);
  }

  /** The state after so many steps, from seed 1, with batches of 7, 8, 7, 8, ... examples. */
  static NetworkState trained(ModelSpec spec, int steps) {
    try (TrainingReplica replica = create(spec)) {
      replica.initialise(1);
      train(replica, spec, steps);
      return replica.capture();
    }
  }

  static void train(TrainingReplica replica, ModelSpec spec, int steps) {
    for (int step = 0; step < steps; step++) {
      int examples = 7 + step % 2;
      replica.step(images(spec, examples, step), labels(examples, step), 0.05);
    }
  }

  static float[] images(ModelSpec spec, int examples, long seed) {
    Random random = new Random(seed);
    float[] images = new float[examples * spec.input().values()];
    for (int i = 0; i < images.length; i++) {
      images[i] = (float) random.nextGaussian();
    }
    return images;
  }

  static int[] labels(int examples, long seed) {
    return new Random(seed + 1000).ints(examples, 0, 10).toArray();
  }
}
