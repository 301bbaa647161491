package dev.convoy.trainer.averaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convoy.models.InputShape;
import dev.convoy.models.ModelSpec;
import dev.convoy.models.state.NetworkState;
import dev.convoy.trainer.Layouts;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** An averaging in slices gives the bits of an averaging in one piece, in every wire format. */
final class SlicingTest {

  private static final StateLayout LAYOUT =
      new StateLayout(Layouts.of(ModelSpec.of("lenet", new InputShape(1, 28, 28), 2)));

  @Property(tries = 30)
  void anyNumberOfSlicesGivesTheSameBits(
      @ForAll WireFormat format,
      @ForAll @IntRange(min = 1, max = 6) int workers,
      @ForAll @IntRange(min = 1, max = 50) int slices,
      @ForAll long seed) {
    Random random = new Random(seed);
    NetworkState start = LAYOUT.join(state(random));
    List<WireState> sent = new ArrayList<>();
    List<WorkerState> ends = new ArrayList<>();
    for (int k = 0; k < workers; k++) {
      WorkerState end = state(random);
      ends.add(end);
      WireState wire = CutState.of(format, LAYOUT, start, LAYOUT.join(end));
      sent.add(
          new WireState(wire.trainable(), wire.momentum(), floats(3, random), floats(3, random)));
    }
    int[] examples = random.ints(workers, 1, 100).toArray();
    WorkerState inOne = averaged(sent, examples, new Slicing(1), start, random);
    WorkerState inSlices = averaged(sent, examples, new Slicing(slices), start, random);

    assertThat(inSlices.trainable()).isEqualTo(inOne.trainable());
    assertThat(inSlices.momentum()).isEqualTo(inOne.momentum());
    assertThat(inSlices.means()).isEqualTo(inOne.means());
    assertThat(inSlices.variances()).isEqualTo(inOne.variances());
    float[] plain =
        WeightedMerge.mean(
            ends.stream().map(WorkerState::trainable).toList(), WeightedMerge.shares(examples));
    if (format == WireFormat.FLOAT32) {
      assertThat(inOne.trainable()).isEqualTo(plain);
    } else {
      assertThat(largestDifference(inOne.trainable(), plain))
          .as("differences of up to 10 keep 8 bits")
          .isBetween(1e-6f, 10 * 0x1p-9f);
    }
  }

  @Test
  void differencesAreAddedToTheStartInFloat64InTheOrderOfTheWorkers() {
    Random random = new Random(5);
    NetworkState start = LAYOUT.join(state(random));
    WorkerState from = LAYOUT.split(start);
    List<WorkerState> ends = List.of(state(random), state(random), state(random));
    int[] examples = {7, 8, 8};
    List<WireState> sent =
        ends.stream()
            .map(end -> CutState.of(WireFormat.BF16, LAYOUT, start, LAYOUT.join(end)))
            .toList();
    WorkerState merged = averaged(sent, examples, new Slicing(3), start, random);
    for (int i = 0; i < from.trainable().length; i++) {
      double expected = from.trainable()[i];
      double expectedMomentum = from.momentum()[i];
      for (int k = 0; k < 3; k++) {
        float moved = ends.get(k).trainable()[i] - from.trainable()[i];
        float pushed = ends.get(k).momentum()[i] - from.momentum()[i];
        expected += examples[k] / 23.0 * Bfloat16.toFloat(Bfloat16.of(moved));
        expectedMomentum += examples[k] / 23.0 * Bfloat16.toFloat(Bfloat16.of(pushed));
      }
      assertThat(merged.trainable()[i]).isEqualTo((float) expected);
      assertThat(merged.momentum()[i]).isEqualTo((float) expectedMomentum);
    }
  }

  @Test
  void oneWorkerIsTheIdentityInFloat32() {
    Random random = new Random(8);
    WorkerState end = state(random);
    end.trainable()[0] = -0f;
    end.trainable()[1] = Float.MIN_VALUE;
    NetworkState start = LAYOUT.join(state(random));
    WireState sent = CutState.of(WireFormat.FLOAT32, LAYOUT, start, LAYOUT.join(end));
    WorkerState merged = averaged(List.of(sent), new int[] {4}, new Slicing(7), start, random);
    assertThat(LAYOUT.join(merged)).isEqualTo(LAYOUT.join(end));
  }

  @Test
  void workersWithoutExamplesAreLeftOut() {
    Random random = new Random(3);
    NetworkState start = LAYOUT.join(state(random));
    WireState first = CutState.of(WireFormat.BF16, LAYOUT, start, LAYOUT.join(state(random)));
    WireState third = CutState.of(WireFormat.BF16, LAYOUT, start, LAYOUT.join(state(random)));
    WorkerState two =
        averaged(List.of(first, third), new int[] {5, 3}, new Slicing(2), start, random);
    WorkerState three =
        averaged(
            List.of(first, WireState.NONE, third),
            new int[] {5, 0, 3},
            new Slicing(2),
            start,
            random);
    assertThat(LAYOUT.join(three)).isEqualTo(LAYOUT.join(two));
  }

  @Test
  void nobodyLeftGivesNothing() {
    List<WorkerSlice> parts =
        List.of(new WorkerSlice(0, 0, 0, WireState.NONE), new WorkerSlice(1, 0, 0, WireState.NONE));
    WorkerState merged = new Slicing(1).merge(0, parts, 2, LAYOUT, SlicingTest::notAskedFor);
    assertThat(merged.trainable()).isEmpty();
    assertThat(merged.means()).isEmpty();
  }

  @Test
  void everyElementIsInOneSlice() {
    WireState state =
        new WireState(
            new Float32Vector(new float[11]),
            new Bfloat16Differences(new short[11]),
            new float[3],
            new float[3]);
    List<WorkerSlice> cut = CutState.cut(new Slicing(4), 2, 9, state);
    assertThat(cut).extracting(WorkerSlice::slice).containsExactly(0, 1, 2, 3);
    assertThat(cut).extracting(WorkerSlice::worker).containsOnly(2);
    assertThat(cut).extracting(WorkerSlice::examples).containsOnly(9);
    assertThat(cut.stream().mapToInt(s -> s.state().trainable().length()))
        .containsExactly(2, 3, 3, 3);
    assertThat(cut.stream().mapToInt(s -> s.state().momentum().length()))
        .containsExactly(2, 3, 3, 3);
    assertThat(cut.stream().mapToInt(s -> s.state().means().length)).containsExactly(3, 0, 0, 0);
  }

  @Test
  void missingWorkerIsAnError() {
    assertThatThrownBy(() -> merge(parts(0, 2), 3))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("from the workers [0, 2]; one from each of 3 is needed");
    assertThatThrownBy(() -> merge(parts(), 1)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void doubledWorkerIsAnError() {
    assertThatThrownBy(() -> merge(parts(0, 1, 1), 3))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("from the workers [0, 1, 1]");
    assertThatThrownBy(() -> merge(parts(0, 1, 1), 2)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void smallNetworksAreNotCut() {
    assertThat(Slicing.forElements(61_706, 16, 4).slices()).isEqualTo(1);
    assertThat(Slicing.forElements(25_000_000, 16, 4).slices()).isEqualTo(16);
    assertThat(Slicing.forElements(51_000_000, 2, 64).slices())
        .as("no merge holds more than 256 MiB of 64 workers' parts")
        .isEqualTo(50);
  }

  @Test
  void moreWorkersGiveSmallerSlicesAsManyForEachSlot() {
    assertThat(Slicing.forMerging(61_706, 16, 8).slices()).isEqualTo(1);
    assertThat(Slicing.forMerging(25_557_032, 2, 2).slices()).isEqualTo(2);
    assertThat(Slicing.forMerging(25_557_032, 2, 16).slices()).isEqualTo(14);
    assertThat(Slicing.forMerging(25_557_032, 2, 1024).slices()).isEqualTo(780);
    assertThat(Slicing.forElements(0, 0, 0).slices()).isEqualTo(1);
    assertThatThrownBy(() -> new Slicing(0)).hasMessageContaining("slices is 0");
  }

  private static WorkerState averaged(
      List<WireState> sent, int[] examples, Slicing slicing, NetworkState start, Random random) {
    List<List<WorkerSlice>> bySlice = new ArrayList<>();
    for (int s = 0; s < slicing.slices(); s++) {
      bySlice.add(new ArrayList<>());
    }
    for (int k = 0; k < examples.length; k++) {
      CutState.cut(slicing, k, examples[k], sent.get(k))
          .forEach(part -> bySlice.get(part.slice()).add(part));
    }
    List<WorkerState> merged = new ArrayList<>();
    for (int s = 0; s < slicing.slices(); s++) {
      Collections.shuffle(bySlice.get(s), random); // as they arrive
      merged.add(slicing.merge(s, bySlice.get(s), examples.length, LAYOUT, () -> start));
    }
    return pasted(merged);
  }

  private static WorkerState pasted(List<WorkerState> slices) {
    NetworkState joined = LAYOUT.join(slices);
    WorkerState split = LAYOUT.split(joined);
    return new WorkerState(
        split.trainable(), split.momentum(), slices.get(0).means(), slices.get(0).variances());
  }

  private static NetworkState notAskedFor() {
    throw new AssertionError("float32 needs no start");
  }

  private static WorkerState merge(List<WorkerSlice> parts, int workers) {
    return new Slicing(1).merge(0, parts, workers, LAYOUT, SlicingTest::notAskedFor);
  }

  private static List<WorkerSlice> parts(int... workers) {
    return Arrays.stream(workers).mapToObj(k -> new WorkerSlice(k, 0, 1, WireState.NONE)).toList();
  }

  private static WorkerState state(Random random) {
    int length = LAYOUT.trainable();
    return new WorkerState(
        floats(length, random), floats(length, random), new float[0], new float[0]);
  }

  private static float[] floats(int length, Random random) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  private static float largestDifference(float[] a, float[] b) {
    float largest = 0;
    for (int i = 0; i < a.length; i++) {
      largest = Math.max(largest, Math.abs(a[i] - b[i]));
    }
    return largest;
  }
}
