package dev.convoy.trainer.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.models.InputShape;
import dev.convoy.models.ModelSpec;
import dev.convoy.models.training.ComputeProfile;
import dev.convoy.models.training.OptimizerSettings;
import dev.convoy.models.training.PrecisionChoice;
import dev.convoy.models.training.TrainingReplica;
import dev.convoy.trainer.training.NativeHeap;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What the doctor reckons with is what networks take. */
final class ProcessMemoryTest {

  private static final int BATCH = 64;
  private static final OptimizerSettings OPTIMIZER = new OptimizerSettings(0.9, 0, Set.of());

  @Test
  void networkTakesWhatItSays() {
    ComputeProfile profile = ComputeProfile.resolve(1, PrecisionChoice.FLOAT32);
    trained(ModelSpec.of("lenet", new InputShape(1, 28, 28), 10), profile).close();
    ModelSpec spec = ModelSpec.of("resnet20_cifar", new InputShape(3, 32, 32), 10);
    long before = NativeHeap.bytes();
    try (TrainingReplica replica = trained(spec, profile)) {
      replica.probabilities(new float[BATCH * spec.input().values()], BATCH);
      long grown = NativeHeap.bytes() - before;
      long said = replica.deviceBytes(BATCH, BATCH);
      assertThat(said).isGreaterThan(50L << 20);
      assertThat(grown).isBetween(said / 2, said + said / 2);
    }
  }

  private static TrainingReplica trained(ModelSpec spec, ComputeProfile profile) {
    TrainingReplica replica = TrainingReplica.create(spec, OPTIMIZER, 0, profile);
    replica.initialise(1);
    replica.step(new float[BATCH * spec.input().values()], new int[BATCH], 0.1);
    return replica;
  }
}
