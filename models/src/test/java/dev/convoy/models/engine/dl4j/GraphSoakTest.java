package dev.convoy.models.engine.dl4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.models.ResidentMemory;
import dev.convoy.models.engine.Precision;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.dataset.MultiDataSet;

/** Ten thousand steps through DL4J's own methods leave the process as large as it was. */
@Tag("full")
class GraphSoakTest {
  private static final int WARM_UP = 1000;
  private static final int SAMPLES = 20;
  private static final int STEPS_OF_SAMPLE = 500;

  /** Of batches that come all the time; with the others, by and by, more than plans are kept. */
  private static final int FREQUENT = 20;

  private static final int SIZES = 60;

  /** Of programs: those of 32 plans, and what prepares the parameters of some. */
  private static final int MOST_EXECUTABLES = 2 * 32;

  private final CountingBackend backend = new CountingBackend();
  private final GraphCase test = GraphCases.small(71, new ClassicalMomentum(1e-3, 0.9));
  private final CompiledGraph graph =
      CompiledGraph.adopt(
          test.graph(),
          EngineSettings.on(backend)
              .with(Precision.FLOAT32)
              .with(EngineSettings.Unsupported.REFUSED));
  private final List<MultiDataSet> batches = batches();

  private List<MultiDataSet> batches() {
    Random random = new Random(5);
    List<MultiDataSet> drawn = new ArrayList<>();
    for (int size = 1; size <= SIZES; size++) {
      drawn.add(test.data(size, random));
    }
    return drawn;
  }

  @Test
  void memoryStaysAsItIs() throws IOException {
    train(0, WARM_UP);
    long[] resident = new long[SAMPLES];
    int compiled = backend.compiled();
    for (int sample = 0; sample < SAMPLES; sample++) {
      train(WARM_UP + sample * STEPS_OF_SAMPLE, STEPS_OF_SAMPLE);
      resident[sample] = ResidentMemory.bytes();
      assertThat(backend.executables()).isLessThanOrEqualTo(MOST_EXECUTABLES);
    }
    assertThat(backend.steps()).isEqualTo(WARM_UP + SAMPLES * STEPS_OF_SAMPLE);
    assertThat(backend.compiled() - compiled).as("plans that gave way").isGreaterThan(1000);
    long first = median(Arrays.copyOf(resident, SAMPLES / 2));
    long second = median(Arrays.copyOfRange(resident, SAMPLES / 2, SAMPLES));
    assertThat(second - first)
        .as("growth from one half to the other, of %s", Arrays.toString(resident))
        .isLessThan(16L << 20);
    graph.freePlans();
    assertThat(backend.allocations()).isZero();
    assertThat(backend.executables()).isZero();
  }

  /** Every tenth step is of a rare size, with a prediction of another one after it. */
  private void train(int begin, int steps) {
    for (int step = begin; step < begin + steps; step++) {
      if (step % 10 == 0) {
        graph.fit(batches.get(rare(step / 10)));
        graph.output(batches.get(rare(step / 10 + 7)).getFeatures());
      } else {
        graph.fit(batches.get(step % FREQUENT));
      }
    }
  }

  private static int rare(int index) {
    return FREQUENT + index % (SIZES - FREQUENT);
  }

  private static long median(long[] values) {
    long[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
