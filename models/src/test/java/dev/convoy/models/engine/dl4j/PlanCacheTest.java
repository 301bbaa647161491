package dev.convoy.models.engine.dl4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.models.InputShape;
import dev.convoy.models.ModelRegistry;
import dev.convoy.models.ModelSpec;
import dev.convoy.models.engine.Precision;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
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
      assertThat(backend.allocations()).as("with %d", batch).isLessThanOrEqualTo(full);
    }
    assertThat(output(graph, 1)).isEqualTo(first);
    assertThat(backend.allocations()).isLessThanOrEqualTo(full);
    graph.freePlans();
    assertThat(backend.allocations()).isZero();
  }

  /** Of weights as large as those of VGG-16 a copy for each size would be 17 GB. */
  @ParameterizedTest
  @ValueSource(strings = {"lenet", "resnet20_cifar", "nin_cifar"})
  void batchesOfManySizesShareTheirPreparedParameters(String model) {
    CountingBackend backend = new CountingBackend();
    ModelSpec spec =
        model.equals("lenet")
            ? ModelSpec.of(model, new InputShape(1, 28, 28), 10)
            : ModelSpec.of(model, new InputShape(3, 32, 32), 10);
    CompiledGraph graph =
        CompiledGraph.adopt(
            ModelRegistry.standard().build(spec, 1),
            EngineSettings.on(backend).with(Precision.FLOAT32));
    InputShape input = spec.input();
    int[] sizes = {16, 1, 2, 3, 5, 7, 11, 15, 16, 32};
    for (int batch : sizes) {
      graph.output(Nd4j.zeros(batch, input.channels(), input.height(), input.width()));
    }
    // Arena, scratch memory, and the losses' place of each plan; the rest is prepared.
    int plans = sizes.length - 1;
    assertThat(backend.allocations() - 2 - plans).isBetween(1, 2);
    int compiled = backend.compiled();
    for (int batch : sizes) {
      graph.output(Nd4j.zeros(batch, input.channels(), input.height(), input.width()));
    }
    assertThat(backend.compiled()).as("none had to go for another").isEqualTo(compiled);
    graph.freePlans();
    assertThat(backend.allocations()).isZero();
  }

  private static INDArray output(CompiledGraph graph, int batch) {
    Nd4j.getRandom().setSeed(batch);
    return graph.output(Nd4j.rand(batch, 3, 8, 7))[0];
  }
}
