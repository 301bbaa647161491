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
import dev.convoy.models.state.ParameterLayout;
import dev.convoy.models.training.ComputeProfile;
import dev.convoy.models.training.OptimizerSettings;
import dev.convoy.trainer.Layouts;
import dev.convoy.trainer.Travel;
import dev.convoy.trainer.averaging.Slicing;
import dev.convoy.trainer.averaging.StateLayout;
import dev.convoy.trainer.averaging.WireFormat;
import dev.convoy.trainer.averaging.WireState;
import dev.convoy.trainer.averaging.WorkerSlice;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a round sends arrives as it was, whichever serializer Spark has. */
final class TravelTest {

  private static final WorkerReport REPORT =
      new WorkerReport(3, 10, 20, 1.5, 0.25, 0.5, 2, true, "host", "7", List.of("a/1.png"));
  private static final WorkerState STATE =
      new WorkerState(
          new float[] {1, -0f}, new float[] {2, Float.MIN_VALUE}, new float[] {3}, new float[] {4});

  private static final ModelSpec MODEL = ModelSpec.of("lenet", new InputShape(1, 28, 28), 10);
  private static final ParameterLayout PARAMETERS = Layouts.of(MODEL);
  private static final StateLayout LAYOUT = new StateLayout(PARAMETERS);
  private static final NetworkState NETWORK_START = Layouts.initialState(MODEL, 1);
  private static final NetworkState NETWORK_END = Layouts.initialState(MODEL, 2);

  @Test
  void stateOfNetwork() {
    NetworkState state = new NetworkState(new float[] {1, -0f, 3}, new float[] {4, 5, 6});
    Travel.check(state, NetworkState.class, there -> assertThat(there).isEqualTo(state));
  }

  /** Merged alone, a worker's slice gives back what it holds. */
  @ParameterizedTest
  @EnumSource(WireFormat.class)
  void resultOfWorker(WireFormat format) {
    NetworkState end = NETWORK_END;
    WireState sent = WireState.of(format, LAYOUT, NETWORK_START, end);
    WorkerSlice slice = new Slicing(1).cut(0, 10, sent).get(0);
    WorkerState expected = new Slicing(1).merge(0, List.of(slice), 1, LAYOUT, () -> NETWORK_START);
    Travel.check(
        new WorkerResult(slice, List.of(REPORT)),
        WorkerResult.class,
        there -> {
          assertThat(there.part().worker()).isZero();
          assertThat(there.part().examples()).isEqualTo(10);
          assertThat(there.reports()).containsExactly(REPORT);
          WorkerState merged =
              new Slicing(1).merge(0, List.of(there.part()), 1, LAYOUT, () -> NETWORK_START);
          assertThat(LAYOUT.join(merged)).isEqualTo(LAYOUT.join(expected));
        });
    assertThat(LAYOUT.join(expected).equals(end)).isEqualTo(format == WireFormat.FLOAT32);
  }

  @Test
  void bfloat16HalvesWhatAWorkerSends() {
    List<Integer> whole = sizes(WireFormat.FLOAT32);
    List<Integer> half = sizes(WireFormat.BF16);
    int values = 2 * LAYOUT.trainable();
    for (int serializer = 0; serializer < whole.size(); serializer++) {
      assertThat(whole.get(serializer)).isBetween(4 * values, 4 * values + 2000);
      assertThat(half.get(serializer)).isBetween(2 * values, 2 * values + 2000);
    }
  }

  private static List<Integer> sizes(WireFormat format) {
    WireState sent = WireState.of(format, LAYOUT, NETWORK_START, NETWORK_END);
    return Travel.sizes(
        new WorkerResult(new Slicing(1).cut(0, 10, sent).get(0), List.of(REPORT)),
        WorkerResult.class);
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
