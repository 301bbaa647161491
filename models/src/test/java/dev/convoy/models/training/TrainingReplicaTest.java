package dev.convoy.models.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.convoy.models.InputShape;
import dev.convoy.models.ModelSpec;
import dev.convoy.models.ResidentMemory;
import dev.convoy.models.state.NetworkState;
import dev.convoy.models.state.ParameterKind;
import dev.convoy.models.state.ParameterLayout;
import dev.convoy.models.state.ParameterSlot;
import dev.convoy.models.zoo.GoldenNetwork;
import dev.convoy.models.zoo.GoldenTensor;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.assertj.core.data.Offset;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrainingReplicaTest {

  /** delta after one step at rest is gradient + wd * w, and w moves by lr * delta. */
  @ParameterizedTest
  @ValueSource(strings = {"lenet", "resnet20_cifar"})
  void oneStepIsTheFormulaOnPyTorchsGradients(String name) {
    GoldenNetwork golden = GoldenNetwork.load(name);
    double decay = 0.01;
    double rate = 0.5;
    var settings =
        new OptimizerSettings(
            0.9, decay, Set.of(ParameterKind.NORM_SCALE, ParameterKind.NORM_SHIFT));
    try (TrainingReplica replica =
        TrainingReplica.create(golden.spec(), settings, 0, Replicas.PROFILE)) {
      ParameterLayout layout = replica.layout();
      float[] before = floats(golden.parameters(layout));
      replica.restore(NetworkState.atRest(before.clone()));
      double loss = replica.step(floats(golden.input()), golden.labels(), rate);
      JsonNode train = golden.json().get("train");
      assertThat(loss).isCloseTo(train.get("loss").doubleValue(), Percentage.withPercentage(1e-2));
      NetworkState after = replica.capture();
      for (ParameterSlot slot : layout.slots()) {
        if (slot.kind().trainable()) {
          double wd = settings.withoutDecay().contains(slot.kind()) ? 0 : decay;
          checkTrained(slot, train.get("gradients").get(slot.name()), before, after, wd, rate);
        } else {
          double[] statistic =
              GoldenTensor.slice(
                  GoldenTensor.doubles(after.parameters()), slot.offset(), slot.length());
          JsonNode expected = train.get("running_after_one_step").get(slot.name());
          GoldenTensor.assertClose(slot.name(), expected, statistic, 1e-4);
        }
      }
    }
  }

  private static void checkTrained(
      ParameterSlot slot,
      JsonNode gradient,
      float[] before,
      NetworkState after,
      double wd,
      double rate) {
    double[] recovered = new double[slot.length()];
    for (int i = 0; i < recovered.length; i++) {
      int at = slot.offset() + i;
      recovered[i] = after.momentum()[at] - wd * before[at];
      double moved = before[at] - rate * after.momentum()[at];
      assertThat((double) after.parameters()[at])
          .isCloseTo(moved, Offset.offset(1e-6 * (1 + Math.abs(moved))));
    }
    // Float32 gradients at depth 20 agree with float64 to a thousandth.
    GoldenTensor.assertClose("gradient of " + slot.name(), gradient, recovered, 1e-3);
  }

  @Test
  void probabilitiesAreThoseOfPyTorch() {
    GoldenNetwork golden = GoldenNetwork.load("resnet20_cifar");
    try (TrainingReplica replica = Replicas.create(golden.spec())) {
      replica.restore(NetworkState.atRest(floats(golden.parameters(replica.layout()))));
      float[] probabilities = replica.probabilities(floats(golden.input()), golden.examples());
      JsonNode logits = golden.json().get("eval").get("logits").get("first");
      for (int i = 1; i < 4; i++) {
        assertThat(Math.log(probabilities[i] / (double) probabilities[0]))
            .isCloseTo(
                logits.get(i).doubleValue() - logits.get(0).doubleValue(), Offset.offset(1e-4));
      }
      double sum = 0;
      for (float probability : probabilities) {
        sum += probability;
      }
      assertThat(sum).isCloseTo(golden.examples(), Offset.offset(1e-5));
    }
  }

  /**
   * The loss with smoothing is (1 - eps) of the plain one plus eps of the mean over all classes.
   */
  @Test
  void smoothsLabels() {
    ModelSpec spec = Replicas.LENET;
    float[] images = Replicas.images(spec, 5, 3);
    int[] labels = Replicas.labels(5, 3);
    double plain = loss(spec, images, labels, 0);
    double mean = 0;
    for (int k = 0; k < 10; k++) {
      mean += loss(spec, images, new int[] {k, k, k, k, k}, 0) / 10;
    }
    assertThat(loss(spec, images, labels, 0.2))
        .isCloseTo(0.8 * plain + 0.2 * mean, Percentage.withPercentage(1e-3));
  }

  /** Of every norm, those of auxiliary classifiers too: a step moves by a tenth towards them. */
  @Test
  void statisticsAreThoseThatAStepMovesTo() {
    ModelSpec spec = ModelSpec.of("googlenet", new InputShape(3, 32, 32), 10);
    float[] images = Replicas.images(spec, 4, 3);
    try (TrainingReplica replica = Replicas.create(spec)) {
      replica.initialise(1);
      List<BatchStatistics> statistics = replica.statistics(images, 4);
      float[] before = replica.capture().parameters();
      replica.step(images, Replicas.labels(4, 3), 0);
      float[] after = replica.capture().parameters();
      int at = 0;
      for (ParameterSlot slot : replica.layout().slots()) {
        if (slot.kind() == ParameterKind.RUNNING_MEAN) {
          for (int i = slot.offset(); i < slot.offset() + slot.length(); i++) {
            double moved = (after[i] - 0.9 * before[i]) / 0.1;
            assertThat((double) statistics.get(0).means()[at++])
                .as(slot.name())
                .isCloseTo(moved, Offset.offset(1e-4 * (1 + Math.abs(moved))));
          }
        }
      }
    }
  }

  @Test
  void learns() {
    ModelSpec spec = Replicas.LENET;
    try (TrainingReplica replica = Replicas.create(spec)) {
      replica.initialise(1);
      float[] images = Replicas.images(spec, 16, 0);
      int[] labels = Replicas.labels(16, 0);
      double first = replica.step(images, labels, 0.01);
      double last = first;
      for (int step = 0; step < 60; step++) {
        last = replica.step(images, labels, 0.01);
      }
      // What smoothing 0.1 leaves at best is 0.5.
      assertThat(last).isLessThan(0.6).isLessThan(first / 2);
    }
  }

  @Test
  void stateAtRestHasNoMomentumWhateverWasThereBefore() {
    ModelSpec spec = Replicas.LENET;
    try (TrainingReplica replica = Replicas.create(spec)) {
      replica.initialise(1);
      NetworkState fresh = replica.capture();
      assertThat(fresh.isAtRest()).isTrue();
      replica.step(Replicas.images(spec, 4, 0), Replicas.labels(4, 0), 0.01);
      NetworkState moving = replica.capture();
      assertThat(moving.isAtRest()).isFalse();
      replica.initialise(1);
      assertThat(replica.capture()).isEqualTo(fresh);
      replica.restore(moving);
      assertThat(replica.capture()).isEqualTo(moving);
      replica.restore(fresh);
      assertThat(replica.capture()).isEqualTo(fresh);
    }
  }

  @Test
  void divergenceShowsInTheLossAndInNoException() {
    ModelSpec spec = Replicas.LENET;
    try (TrainingReplica replica = Replicas.create(spec)) {
      replica.initialise(1);
      double loss = 0;
      for (int step = 0; step < 5; step++) {
        loss = replica.step(Replicas.images(spec, 4, step), Replicas.labels(4, step), 1e30);
      }
      assertThat(loss).isNaN();
    }
  }

  /** Ten thousand steps of ever other sizes leave the process as large as the first hundred did. */
  @ParameterizedTest
  @Tag("full")
  @CsvSource({"FLOAT32, 1", "AUTO, 2"})
  void memoryStaysAsItIs(PrecisionChoice precision, int threads) throws IOException {
    ModelSpec spec = Replicas.SMALL_RESNET;
    ComputeProfile profile = ComputeProfile.resolve(threads, precision);
    try (TrainingReplica replica = TrainingReplica.create(spec, Replicas.PLAIN, 0.1, profile)) {
      replica.initialise(1);
      steps(replica, spec, 500);
      long warm = ResidentMemory.bytes();
      steps(replica, spec, 10_000);
      assertThat(ResidentMemory.bytes() - warm).isLessThan(16L << 20);
    }
  }

  private static void steps(TrainingReplica replica, ModelSpec spec, int steps) {
    for (int step = 0; step < steps; step++) {
      int examples = 1 + step % 9;
      replica.step(Replicas.images(spec, examples, step), Replicas.labels(examples, step), 1e-4);
      if (step % 50 == 0) {
        replica.probabilities(Replicas.images(spec, examples, step), examples);
      }
    }
  }

  /** What replicas took goes with them. */
  @Test
  void closingFreesWhatWasTaken() throws IOException {
    ModelSpec spec = Replicas.SMALL_RESNET;
    for (int again = 0; again < 3; again++) {
      Replicas.trained(spec, 2);
    }
    long before = ResidentMemory.bytes();
    for (int again = 0; again < 20; again++) {
      Replicas.trained(spec, 2);
    }
    // Parameters, gradient and momentum of one replica have 3.2 MB.
    assertThat(ResidentMemory.bytes() - before).isLessThan(20L << 20);
  }

  @Test
  void saysWhatIsWrongWithABatch() {
    ModelSpec spec = Replicas.LENET;
    TrainingReplica replica = Replicas.create(spec);
    float[] two = Replicas.images(spec, 2, 0);
    assertThatThrownBy(() -> replica.step(two, new int[] {0, 1}, 0.1))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("no state");
    replica.initialise(1);
    assertThatThrownBy(() -> replica.step(two, new int[] {0}, 0.1))
        .hasMessageContaining("784 values, not 1568");
    assertThatThrownBy(() -> replica.step(two, new int[] {0, 10}, 0.1))
        .hasMessageContaining("label 10");
    assertThatThrownBy(() -> replica.step(new float[0], new int[0], 0.1))
        .hasMessageContaining("at least one");
    NetworkState foreign = NetworkState.atRest(new float[3]);
    assertThatThrownBy(() -> replica.restore(foreign)).hasMessageContaining("61706");
    replica.close();
    replica.close();
    assertThatThrownBy(replica::capture).hasMessageContaining("closed");
  }

  private static double loss(ModelSpec spec, float[] images, int[] labels, double smoothing) {
    try (TrainingReplica replica =
        TrainingReplica.create(spec, Replicas.PLAIN, smoothing, Replicas.PROFILE)) {
      replica.initialise(1);
      return replica.step(images, labels, 0.1);
    }
  }

  private static float[] floats(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }
}
