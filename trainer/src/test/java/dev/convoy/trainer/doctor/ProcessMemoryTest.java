package dev.convoy.trainer.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.models.InputShape;
import dev.convoy.models.ModelSpec;
import dev.convoy.models.engine.backend.Device;
import dev.convoy.models.training.ComputeProfile;
import dev.convoy.models.training.LossSettings;
import dev.convoy.models.training.OptimizerSettings;
import dev.convoy.models.training.PrecisionChoice;
import dev.convoy.models.training.StepSettings;
import dev.convoy.models.training.TrainingReplica;
import dev.convoy.trainer.training.NativeHeap;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the doctor reckons with is what networks take. */
final class ProcessMemoryTest {

  private static final int BATCH = 64;

  /** What the library takes by itself: with AMX it was 0.6 MB more than half of a small need. */
  private static final long ON_TOP = 8L << 20;

  private static final OptimizerSettings OPTIMIZER = new OptimizerSettings(0.9, 0, Set.of());

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void networkTakesWhatItSays(int microBatches) {
    ComputeProfile profile = ComputeProfile.resolve(1, PrecisionChoice.FLOAT32);
    ModelSpec spec = ModelSpec.of("resnet20_cifar", new InputShape(3, 32, 32), 10);
    long said;
    long holding;
    try (TrainingReplica replica = trained(spec, profile, microBatches)) {
      int predicted = BATCH / microBatches;
      replica.probabilities(new float[predicted * spec.input().values()], predicted);
      said = replica.deviceBytes(BATCH, predicted);
      holding = NativeHeap.bytes();
    }
    // What it gives back at once: while it is built, others' memory may go, with ND4J's collector.
    long given = holding - NativeHeap.bytes();
    assertThat(said).isGreaterThan((50L << 20) / microBatches);
    assertThat(given).isBetween(said / 2, said + said / 2 + ON_TOP);
  }

  private static TrainingReplica trained(ModelSpec spec, ComputeProfile profile, int microBatches) {
    StepSettings settings = new StepSettings(OPTIMIZER, LossSettings.smoothed(0), microBatches);
    TrainingReplica replica = TrainingReplica.create(spec, settings, profile, Device.cpu());
    replica.initialise(1);
    replica.step(new float[BATCH * spec.input().values()], new int[BATCH], 0.1);
    return replica;
  }
}
