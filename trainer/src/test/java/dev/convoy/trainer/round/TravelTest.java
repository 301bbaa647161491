package dev.convoy.trainer.round;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.data.augment.AugmentationPipeline;
import dev.convoy.data.augment.Normalization;
import dev.convoy.data.dataset.ShardEntry;
import dev.convoy.data.dataset.Split;
import dev.convoy.data.plan.PlanSettings;
import dev.convoy.data.plan.Shuffle;
import dev.convoy.data.storage.HadoopSettings;
import dev.convoy.models.InputShape;
import dev.convoy.models.ModelSpec;
import dev.convoy.models.state.NetworkState;
import dev.convoy.models.state.ParameterKind;
import dev.convoy.models.training.ComputeProfile;
import dev.convoy.models.training.OptimizerSettings;
import dev.convoy.trainer.Travel;
import dev.convoy.trainer.averaging.WireFormat;
import dev.convoy.trainer.averaging.WorkerState;
import dev.convoy.trainer.executor.CacheLimits;
import dev.convoy.trainer.executor.DatasetVersion;
import dev.convoy.trainer.executor.ExecutorSettings;
import dev.convoy.trainer.executor.RunKey;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;

/** What a round sends through Spark's serializer arrives as it was, whichever that is. */
final class TravelTest {

  private static final WorkerReport REPORT =
      new WorkerReport(3, 10, 20, 1.5, 0.25, 0.5, 2, true, "host", "7", List.of("a/1.png"));
  private static final WorkerState STATE =
      new WorkerState(
          new float[] {1, -0f}, new float[] {2, Float.MIN_VALUE}, new float[] {3}, new float[] {4});

  @Test
  void stateOfNetwork() {
    NetworkState state = new NetworkState(new float[] {1, -0f, 3}, new float[] {4, 5, 6});
    Travel.check(state, NetworkState.class, there -> assertThat(there).isEqualTo(state));
  }

  @Test
  void mergedSlices() {
    Travel.check(
        new MergedSlice[] {
          new MergedSlice(0, STATE, List.of(REPORT, REPORT)), new MergedSlice(1, STATE, List.of())
        },
        MergedSlice[].class,
        there -> {
          assertThat(there).extracting(MergedSlice::slice).containsExactly(0, 1);
          assertThat(there[0].reports()).containsExactly(REPORT, REPORT);
          assertThat(there[1].reports()).isEmpty();
          assertSame(there[1].state());
        });
  }

  @Test
  void settingsOfRun() {
    Configuration hadoop = new Configuration(false);
    hadoop.set("fs.s3a.endpoint", "http://host:1");
    RunSettings sent =
        new RunSettings(
            new ExecutorSettings(
                new RunKey("application", "run"),
                new ModelSpec("lenet", Map.of("width", 2), new InputShape(1, 28, 28), 10),
                new OptimizerSettings(0.9, 1e-4, Set.of(ParameterKind.BIAS)),
                0.1,
                new ComputeProfile("oneDNN", "cpu", "float32", 1, "a processor"),
                ExecutorSettings.MixedProfiles.REFUSED,
                new CacheLimits(512L << 20, 256L << 20, Duration.ofMinutes(10)),
                HadoopSettings.of(hadoop)),
            new DatasetVersion("/dataset", "00001-0123456789ab"),
            List.of(new ShardEntry(Split.TRAIN, "train-00000.parquet", 5, 9, "a".repeat(64))),
            new PlanSettings(4, 32, new Shuffle(Shuffle.Kind.GLOBAL, 8), 7),
            AugmentationPipeline.parse(
                List.of(Map.of("flip", Map.of("probability", 0.5))), Normalization.none()),
            WireFormat.BF16);
    Travel.check(
        sent,
        RunSettings.class,
        there -> {
          assertThat(there.shards()).isEqualTo(sent.shards());
          assertThat(there.plan()).isEqualTo(sent.plan());
          assertThat(there.wire()).isEqualTo(WireFormat.BF16);
          assertThat(there.dataset()).isEqualTo(sent.dataset());
          assertThat(there.executor().key()).isEqualTo(sent.executor().key());
          assertThat(there.executor().limits()).isEqualTo(sent.executor().limits());
          assertThat(there.executor().model()).isEqualTo(sent.executor().model());
          assertThat(there.executor().step()).isEqualTo(sent.executor().step());
          assertThat(there.executor().hadoop().toConfiguration().get("fs.s3a.endpoint"))
              .isEqualTo("http://host:1");
          assertThat(there.augmentation().augmentations())
              .isEqualTo(sent.augmentation().augmentations());
        });
  }

  @Test
  void computeProfile() {
    ComputeProfile profile = new ComputeProfile("oneDNN", "cpu", "float32", 2, "a processor");
    Travel.check(profile, ComputeProfile.class, there -> assertThat(there).isEqualTo(profile));
  }

  private static void assertSame(WorkerState there) {
    assertThat(there.trainable()).isEqualTo(STATE.trainable());
    assertThat(there.momentum()).isEqualTo(STATE.momentum());
    assertThat(there.means()).isEqualTo(STATE.means());
    assertThat(there.variances()).isEqualTo(STATE.variances());
  }
}
