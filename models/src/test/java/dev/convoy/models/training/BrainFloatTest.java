package dev.convoy.models.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.convoy.models.ModelSpec;
import dev.convoy.models.state.NetworkState;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Training in bfloat16: near float32, and the same bits again. */
class BrainFloatTest {
  private static final OptimizerSettings SETTINGS = new OptimizerSettings(0.9, 1e-4, Set.of());
  private static final int EXAMPLES = 32;

  private final ComputeProfile profile = ComputeProfile.resolve(1, PrecisionChoice.AUTO);

  @BeforeEach
  void onlyWhereTheProcessorHasIt() {
    assumeTrue(profile.precision().equals("bfloat16"), "this processor has no bfloat16");
  }

  /** The whole gradient of one step points where float32's does. */
  @ParameterizedTest
  @ValueSource(strings = {"lenet", "resnet20_cifar"})
  void gradientsAgreeInDirection(String name) {
    ModelSpec spec = spec(name);
    float[] brain = gradient(spec, profile);
    float[] single = gradient(spec, Replicas.PROFILE);
    double product = 0;
    double lengthOfBrain = 0;
    double lengthOfSingle = 0;
    for (int i = 0; i < brain.length; i++) {
      product += (double) brain[i] * single[i];
      lengthOfBrain += (double) brain[i] * brain[i];
      lengthOfSingle += (double) single[i] * single[i];
    }
    assertThat(product / Math.sqrt(lengthOfBrain * lengthOfSingle)).isGreaterThan(0.98);
    assertThat(lengthOfBrain / lengthOfSingle).isBetween(0.9, 1.1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"lenet", "resnet20_cifar"})
  void learnsAsFastAsInFloat32(String name) {
    ModelSpec spec = spec(name);
    double brain = lossAfterTraining(spec, profile);
    double single = lossAfterTraining(spec, Replicas.PROFILE);
    assertThat(brain).isLessThan(1.1 * single + 0.02);
  }

  @ParameterizedTest
  @ValueSource(strings = {"lenet", "resnet20_cifar"})
  void givesTheSameBitsAgain(String name) {
    assertThat(trained(spec(name))).isEqualTo(trained(spec(name)));
  }

  private static ModelSpec spec(String name) {
    return name.equals("lenet") ? Replicas.LENET : Replicas.SMALL_RESNET;
  }

  private static float[] gradient(ModelSpec spec, ComputeProfile profile) {
    var plain = new OptimizerSettings(0, 0, Set.of());
    try (TrainingReplica replica = TrainingReplica.create(spec, plain, 0, profile)) {
      replica.initialise(1);
      replica.step(Replicas.images(spec, EXAMPLES, 1), Replicas.labels(EXAMPLES, 1), 0);
      return replica.capture().momentum();
    }
  }

  private static double lossAfterTraining(ModelSpec spec, ComputeProfile profile) {
    try (TrainingReplica replica = TrainingReplica.create(spec, SETTINGS, 0, profile)) {
      replica.initialise(1);
      float[] images = Replicas.images(spec, EXAMPLES, 1);
      int[] labels = Replicas.labels(EXAMPLES, 1);
      double loss = 0;
      for (int step = 0; step < 30; step++) {
        loss = replica.step(images, labels, 0.02);
      }
      return loss;
    }
  }

  private NetworkState trained(ModelSpec spec) {
    try (TrainingReplica replica = TrainingReplica.create(spec, SETTINGS, 0.1, profile)) {
      replica.initialise(1);
      Replicas.train(replica, spec, 5);
      return replica.capture();
    }
  }
}
