package dev.convoy.models.engine.dl4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.models.engine.Precision;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Batches of ever new sizes do not fill the memory. */
class PlanCacheTest {
  private static final int KEPT = 32;

  @Test
  void plansUsedLongAgoAreFreedAndMadeAgain() {
    CountingBackend backend = new CountingBackend();
    CompiledGraph graph =
        CompiledGraph.adopt(
            GraphCases.small(1).graph(), EngineSettings.on(backend).with(Precision.FLOAT32));
    INDArray first = output(graph, 1);
    for (int batch = 2; batch <= KEPT; batch++) {
      output(graph, batch);
    }
    int full = backend.allocations();
    for (int batch = KEPT + 1; batch <= KEPT + 20; batch++) {
      output(graph, batch);
      assertThat(backend.allocations()).as("with %d", batch).isEqualTo(full);
    }
    assertThat(output(graph, 1)).isEqualTo(first);
    assertThat(backend.allocations()).isEqualTo(full);
    graph.freePlans();
    assertThat(backend.allocations()).isZero();
  }

  private static INDArray output(CompiledGraph graph, int batch) {
    Nd4j.getRandom().setSeed(batch);
    return graph.output(Nd4j.rand(batch, 3, 8, 7))[0];
  }
}
