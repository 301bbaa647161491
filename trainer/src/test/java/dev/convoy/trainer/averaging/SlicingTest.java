package dev.convoy.trainer.averaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** An averaging in slices gives the bits of an averaging in one piece. */
final class SlicingTest {

  @Property(tries = 200)
  void anyNumberOfSlicesGivesTheSameBits(
      @ForAll @IntRange(min = 1, max = 6) int workers,
      @ForAll @IntRange(min = 0, max = 40) int length,
      @ForAll @IntRange(min = 1, max = 50) int slices,
      @ForAll long seed) {
    Random random = new Random(seed);
    List<WorkerState> states = states(workers, length, random);
    double[] shares = WeightedMerge.shares(random.ints(workers, 1, 100).toArray());
    WorkerState inOne = averaged(states, shares, new Slicing(1), random);
    WorkerState inSlices = averaged(states, shares, new Slicing(slices), random);
    assertSame(inSlices, inOne);
    assertThat(inOne.trainable())
        .isEqualTo(
            WeightedMerge.mean(states.stream().map(WorkerState::trainable).toList(), shares));
  }

  @Test
  void everyElementIsInOneSlice() {
    WorkerState state = states(1, 11, new Random(1)).get(0);
    List<WorkerSlice> cut = new Slicing(4).cut(2, state);
    assertThat(cut).extracting(WorkerSlice::slice).containsExactly(0, 1, 2, 3);
    assertThat(cut).extracting(WorkerSlice::worker).containsOnly(2);
    assertThat(cut.stream().mapToInt(s -> s.state().trainable().length))
        .containsExactly(2, 3, 3, 3);
    assertThat(cut.stream().mapToInt(s -> s.state().means().length)).containsExactly(3, 0, 0, 0);
  }

  @Test
  void missingWorkerIsAnError() {
    assertThatThrownBy(() -> Slicing.merge(parts(0, 2), new double[] {0.5, 0.25, 0.25}))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("from the workers [0, 2]; one from each of 3 is needed");
    assertThatThrownBy(() -> Slicing.merge(parts(), new double[] {1}))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void doubledWorkerIsAnError() {
    assertThatThrownBy(() -> Slicing.merge(parts(0, 1, 1), new double[] {0.5, 0.25, 0.25}))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("from the workers [0, 1, 1]");
    assertThatThrownBy(() -> Slicing.merge(parts(0, 1, 1), new double[] {0.5, 0.5}))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void smallNetworksAreNotCut() {
    assertThat(Slicing.forSize(61_706, 16).slices()).isEqualTo(1);
    assertThat(Slicing.forSize(25_000_000, 16).slices()).isEqualTo(16);
    assertThat(Slicing.forSize(0, 0).slices()).isEqualTo(1);
    assertThatThrownBy(() -> new Slicing(0)).hasMessageContaining("slices is 0");
  }

  private static WorkerState averaged(
      List<WorkerState> states, double[] shares, Slicing slicing, Random random) {
    List<List<WorkerSlice>> bySlice = new ArrayList<>();
    for (int s = 0; s < slicing.slices(); s++) {
      bySlice.add(new ArrayList<>());
    }
    for (int k = 0; k < states.size(); k++) {
      slicing.cut(k, states.get(k)).forEach(slice -> bySlice.get(slice.slice()).add(slice));
    }
    List<WorkerState> merged = new ArrayList<>();
    for (List<WorkerSlice> parts : bySlice) {
      Collections.shuffle(parts, random); // as they arrive
      merged.add(Slicing.merge(parts, shares));
    }
    return Slicing.paste(merged);
  }

  private static List<WorkerSlice> parts(int... workers) {
    WorkerState state = states(1, 2, new Random(1)).get(0);
    return Arrays.stream(workers).mapToObj(k -> new WorkerSlice(k, 0, state)).toList();
  }

  private static List<WorkerState> states(int workers, int length, Random random) {
    List<WorkerState> states = new ArrayList<>();
    for (int k = 0; k < workers; k++) {
      states.add(
          new WorkerState(
              floats(length, random),
              floats(length, random),
              floats(3, random),
              floats(3, random)));
    }
    return states;
  }

  private static float[] floats(int length, Random random) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  private static void assertSame(WorkerState found, WorkerState expected) {
    assertThat(found.trainable()).isEqualTo(expected.trainable());
    assertThat(found.momentum()).isEqualTo(expected.momentum());
    assertThat(found.means()).isEqualTo(expected.means());
    assertThat(found.variances()).isEqualTo(expected.variances());
  }
}
