package dev.convoy.models.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.convoy.models.ModelSpec;
import dev.convoy.models.engine.backend.Clipping;
import dev.convoy.models.engine.backend.Device;
import dev.convoy.models.state.NetworkState;
import dev.convoy.models.state.ParameterKind;
import dev.convoy.models.state.ParameterLayout;
import dev.convoy.models.state.ParameterSlot;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Class weights, micro-batches and batch norms' statistics, by what they are made of. */
class StepSettingsTest {
  private static final OptimizerSettings NO_DECAY = new OptimizerSettings(0, 0, Set.of());
  private static final List<Double> WEIGHTS =
      List.of(0.5, 2.0, 1.0, 7.0, 0.1, 1.5, 3.0, 1.0, 4.0, 0.25);
  private static final int EXAMPLES = 7;

  private static TrainingReplica replica(ModelSpec spec, LossSettings loss, int microBatches) {
    TrainingReplica replica =
        TrainingReplica.create(
            spec, new StepSettings(NO_DECAY, loss, microBatches), Replicas.PROFILE, Device.cpu());
    replica.initialise(1);
    return replica;
  }

  /** The gradient of a step: without momentum and decay the delta after it. */
  private static float[] gradient(TrainingReplica replica, float[] images, int[] labels) {
    replica.step(images, labels, 0);
    return replica.capture().momentum();
  }

  /** PyTorch's CrossEntropyLoss(weight) with reduction="mean", from one example at a time. */
  @Test
  void classWeightsAreAMeanWeighedByTheLabels() {
    float[] images = Replicas.images(Replicas.LENET, EXAMPLES, 3);
    int[] labels = Replicas.labels(EXAMPLES, 3);
    int values = Replicas.LENET.input().values();
    double total = 0;
    double lossSum = 0;
    double[] expected;
    try (TrainingReplica single = replica(Replicas.LENET, LossSettings.smoothed(0), 1)) {
      expected = new double[single.layout().length()];
      for (int n = 0; n < EXAMPLES; n++) {
        double weight = WEIGHTS.get(labels[n]);
        float[] image = Arrays.copyOfRange(images, n * values, (n + 1) * values);
        lossSum += weight * single.step(image, new int[] {labels[n]}, 0);
        float[] slope = single.capture().momentum();
        for (int i = 0; i < slope.length; i++) {
          expected[i] += weight * slope[i];
        }
        total += weight;
      }
    }
    try (TrainingReplica weighted = replica(Replicas.LENET, new LossSettings(0, WEIGHTS), 1)) {
      double loss = weighted.step(images, labels, 0);
      assertThat(loss).isCloseTo(lossSum / total, within(1e-5));
      float[] slope = weighted.capture().momentum();
      for (int i = 0; i < slope.length; i++) {
        assertThat((double) slope[i]).isCloseTo(expected[i] / total, within(1e-5));
      }
    }
  }

  /** Without batch norm the parts' gradients are those of the whole. */
  @ParameterizedTest
  @CsvSource({"2, false", "3, true", "20, true"})
  void partsAddUpToTheWholeBatch(int parts, boolean weighted) {
    LossSettings loss = weighted ? new LossSettings(0.1, WEIGHTS) : LossSettings.smoothed(0.1);
    float[] images = Replicas.images(Replicas.LENET, EXAMPLES, 4);
    int[] labels = Replicas.labels(EXAMPLES, 4);
    try (TrainingReplica whole = replica(Replicas.LENET, loss, 1);
        TrainingReplica inParts = replica(Replicas.LENET, loss, parts)) {
      double expected = whole.step(images, labels, 0.1);
      assertThat(inParts.step(images, labels, 0.1)).isCloseTo(expected, within(1e-6 * expected));
      NetworkState one = whole.capture();
      NetworkState other = inParts.capture();
      for (int i = 0; i < one.parameters().length; i++) {
        assertThat(other.parameters()[i]).isCloseTo(one.parameters()[i], within(1e-5f));
        assertThat(other.momentum()[i]).isCloseTo(one.momentum()[i], within(1e-5f));
      }
    }
  }

  /** With batch norm each part is normalised by itself, and moves the running statistics. */
  @Test
  void batchNormsSeeOnePartAtATime() {
    ModelSpec spec = Replicas.SMALL_RESNET;
    float[] images = Replicas.images(spec, EXAMPLES, 5);
    int[] labels = Replicas.labels(EXAMPLES, 5);
    int values = spec.input().values();
    try (TrainingReplica inParts = replica(spec, LossSettings.smoothed(0), 2);
        TrainingReplica alone = replica(spec, LossSettings.smoothed(0), 1)) {
      float[] found = gradient(inParts, images, labels);
      float[] first = gradient(alone, Arrays.copyOf(images, 4 * values), Arrays.copyOf(labels, 4));
      float[] second =
          gradient(
              alone,
              Arrays.copyOfRange(images, 4 * values, 7 * values),
              Arrays.copyOfRange(labels, 4, 7));
      for (int i = 0; i < found.length; i++) {
        assertThat(found[i]).isCloseTo((4 * first[i] + 3 * second[i]) / 7, within(1e-4f));
      }
      float[] moved = inParts.capture().parameters();
      float[] twice = alone.capture().parameters();
      for (ParameterSlot slot : statistics(inParts.layout())) {
        assertThat(Arrays.copyOfRange(moved, slot.offset(), slot.offset() + slot.length()))
            .as(slot.name())
            .containsExactly(
                Arrays.copyOfRange(twice, slot.offset(), slot.offset() + slot.length()));
      }
    }
  }

  private static List<ParameterSlot> statistics(ParameterLayout layout) {
    return layout.slots().stream().filter(slot -> !slot.kind().trainable()).toList();
  }

  @Test
  void partsTakeThePlansOfOnePart() {
    ModelSpec spec = ModelSpec.of("resnet20_cifar", Replicas.SMALL_RESNET.input(), 10);
    try (TrainingReplica whole = replica(spec, LossSettings.smoothed(0), 1);
        TrainingReplica inParts = replica(spec, LossSettings.smoothed(0), 8)) {
      long vector = (long) Float.BYTES * whole.layout().length();
      assertThat(inParts.deviceBytes(256, 1) - 4 * vector)
          .isLessThan((whole.deviceBytes(256, 1) - 3 * vector) / 4);
    }
  }

  @Test
  void cutsAlmostEqualParts() {
    assertThat(sizes(7, 3)).containsExactly(3, 2, 2);
    assertThat(sizes(8, 1)).containsExactly(8);
    assertThat(sizes(2, 5)).containsExactly(1, 1);
    assertThat(new MicroBatches(7, 3).largest()).isEqualTo(3);
    assertThat(new MicroBatches(2, 5).largest()).isEqualTo(1);
  }

  private static List<Integer> sizes(int examples, int parts) {
    return new MicroBatches(examples, parts)
        .cut().stream().map(MicroBatches.Part::examples).toList();
  }

  /**
   * The running mean after one step from 0 is a tenth of the batch's mean, and the variance from 1
   * nine tenths and a tenth of the unbiased one.
   */
  @Test
  void statisticsAreThoseThatTrainingMovesBy() {
    ModelSpec spec = Replicas.SMALL_RESNET;
    float[] images = Replicas.images(spec, EXAMPLES, 6);
    try (TrainingReplica replica = replica(spec, LossSettings.smoothed(0), 1)) {
      NetworkState before = replica.capture();
      BatchStatistics statistics = replica.statistics(images, EXAMPLES).get(0);
      assertThat(replica.capture()).isEqualTo(before);
      replica.step(images, Replicas.labels(EXAMPLES, 6), 0);
      float[] after = replica.capture().parameters();
      List<Float> means = values(replica.layout(), after, ParameterKind.RUNNING_MEAN);
      assertThat(statistics.examples()).isEqualTo(EXAMPLES);
      assertThat(statistics.means()).hasSize(means.size());
      for (int c = 0; c < means.size(); c++) {
        assertThat(means.get(c)).isCloseTo(0.1f * statistics.means()[c], within(1e-5f));
      }
      ParameterSlot first =
          replica.layout().slots().stream()
              .filter(slot -> slot.name().equals("bn1.running_var"))
              .findFirst()
              .orElseThrow();
      double values = EXAMPLES * 64;
      for (int c = 0; c < first.length(); c++) {
        double unbiased = statistics.variances()[c] * values / (values - 1);
        assertThat((double) after[first.offset() + c])
            .isCloseTo(0.9 + 0.1 * unbiased, within(1e-5));
      }
    }
  }

  private static List<Float> values(ParameterLayout layout, float[] flat, ParameterKind kind) {
    List<Float> values = new ArrayList<>();
    for (ParameterSlot slot : layout.slots()) {
      for (int i = 0; slot.kind() == kind && i < slot.length(); i++) {
        values.add(flat[slot.offset() + i]);
      }
    }
    return values;
  }

  @Test
  void clippedStepsGoAsFarAsTheLimit() {
    OptimizerSettings clipped = new OptimizerSettings(0, 0, Set.of(), new Clipping.Norm(0.01));
    float[] images = Replicas.images(Replicas.LENET, EXAMPLES, 7);
    int[] labels = Replicas.labels(EXAMPLES, 7);
    try (TrainingReplica replica =
        TrainingReplica.create(
            Replicas.LENET,
            new StepSettings(clipped, LossSettings.smoothed(0), 3),
            Replicas.PROFILE,
            Device.cpu())) {
      replica.initialise(1);
      double squares = 0;
      for (float slope : gradient(replica, images, labels)) {
        squares += (double) slope * slope;
      }
      assertThat(Math.sqrt(squares)).isCloseTo(0.01, within(1e-6));
    }
  }

  @Test
  void refusesWhatMakesNoSense() {
    assertThatThrownBy(() -> new StepSettings(NO_DECAY, LossSettings.smoothed(0), 0))
        .hasMessageContaining("0 parts");
    assertThatThrownBy(() -> new LossSettings(0, List.of(1.0, 0.0)))
        .hasMessageContaining("above 0");
    assertThatThrownBy(() -> replica(Replicas.LENET, new LossSettings(0, List.of(1.0)), 1))
        .hasMessageContaining("class weights");
  }
}
