package dev.convoy.models.engine.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convoy.models.engine.CompiledNetwork;
import dev.convoy.models.engine.MemoryNeed;
import dev.convoy.models.engine.Precision;
import dev.convoy.models.engine.ir.ForwardPass.Mode;
import java.util.Random;
import java.util.stream.LongStream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;

/** What plans hold, when something fails or several threads are at it. */
class PlanMemoryTest {
  private static final int SHAPES = 8;

  private final CountingBackend backend = new CountingBackend();
  private final Random random = new Random(6);

  @Test
  void afterABatchThatDoesNotFitSmallerOnesGoOn() {
    GraphCase test = GraphCases.small(51);
    CompiledGraph compiled = CompiledGraph.adopt(test.graph(), settings());
    MultiDataSet small = test.data(2, random);
    INDArray expected = compiled.outputSingle(small.getFeatures());
    INDArray many = test.images(256, random);
    MemoryNeed need = compiled.memory(Mode.INFERENCE, small.getFeatures()).orElseThrow();
    backend.refuseAbove(
        LongStream.of(need.arenaBytes(), need.scratchBytes(), need.preparedBytes())
            .max()
            .orElseThrow());
    for (int again = 0; again < 2; again++) {
      assertThatThrownBy(() -> compiled.output(many)).hasMessageContaining("has no");
      assertThat(compiled.outputSingle(small.getFeatures())).isEqualTo(expected);
    }
    backend.refuseAbove(Long.MAX_VALUE);
    assertThat(compiled.output(many)[0].size(0)).isEqualTo(256);
    compiled.freePlans();
    assertThat(backend.allocations()).isZero();
    assertThat(backend.executables()).isZero();
  }

  /** Of a plan's programs the first, or the first two, compile. */
  @Test
  void nothingIsLeftOfAPlanThatDoesNotCompile() {
    GraphCase test = GraphCases.small(52);
    GraphSource source = GraphSource.of(test.graph(), test.inputs(), VarianceEstimate.POPULATION);
    for (int programs = 0; programs < 2; programs++) {
      try (CompiledNetwork network = new CompiledNetwork(source, backend, Precision.FLOAT32)) {
        backend.refuseAfter(programs);
        assertThatThrownBy(() -> network.memory(3, Mode.INFERENCE))
            .hasMessageContaining("compiles nothing");
        assertThat(backend.allocations()).isZero();
        assertThat(backend.executables()).isZero();
      }
    }
  }

  @Test
  void nothingIsLeftOfAPlanWithoutMemory() {
    GraphCase test = GraphCases.small(53);
    GraphSource source = GraphSource.of(test.graph(), test.inputs(), VarianceEstimate.POPULATION);
    for (long bytes = 0; bytes < 2048; bytes = 2 * bytes + 1) {
      try (CompiledNetwork network = new CompiledNetwork(source, backend, Precision.FLOAT32)) {
        backend.refuseAbove(bytes);
        assertThatThrownBy(() -> network.memory(3, Mode.INFERENCE)).hasMessageContaining("has no");
        assertThat(backend.executables()).isZero();
      }
      assertThat(backend.allocations()).isZero();
    }
  }

  /** Inputs that cannot be compiled run on stock layers and push nothing out. */
  @Test
  void aNetworkThatDoesNotCompileTakesNoPlace() {
    CompiledGraph compiled = CompiledGraph.adopt(ofAnySize(), settings());
    for (int size = 0; size < SHAPES; size++) {
      compiled.output(pictures(size));
    }
    int held = backend.allocations();
    backend.refuseAfter(0);
    compiled.output(pictures(SHAPES));
    assertThat(backend.allocations()).isEqualTo(held);
    backend.refuseAfter(Integer.MAX_VALUE);
    int before = backend.compiled();
    for (int size = 0; size < SHAPES; size++) {
      compiled.output(pictures(size));
    }
    assertThat(backend.compiled()).isEqualTo(before);
    int runs = backend.runs();
    compiled.output(pictures(SHAPES));
    assertThat(backend.runs()).isEqualTo(runs);
    compiled.freePlans();
    assertThat(backend.allocations()).isZero();
  }

  private static INDArray pictures(int size) {
    return Nd4j.ones(1, 2, 4 + size, 5);
  }

  private static ComputationGraph ofAnySize() {
    ComputationGraph graph =
        new ComputationGraph(
            new NeuralNetConfiguration.Builder()
                .graphBuilder()
                .addInputs("in")
                .setInputTypes(InputType.convolutional(6, 5, 2))
                .addLayer("convolution", new ConvolutionLayer.Builder(3, 3).nOut(3).build(), "in")
                .addLayer("pool", new GlobalPoolingLayer(PoolingType.AVG), "convolution")
                .addLayer(
                    "out",
                    new OutputLayer.Builder(new LossMCXENT())
                        .nOut(3)
                        .activation(Activation.SOFTMAX)
                        .build(),
                    "pool")
                .setOutputs("out")
                .build());
    graph.init();
    return graph;
  }

  @Test
  void plansAreNotFreedWhileTheyRun() throws InterruptedException {
    GraphCase test = GraphCases.small(54);
    CompiledGraph compiled = CompiledGraph.adopt(test.graph(), settings());
    Thread freeing = new Thread(compiled::freePlans);
    backend.inRun(
        () -> {
          freeing.start();
          assertThat(waits(freeing)).isTrue();
        });
    compiled.fit(test.data(3, random));
    freeing.join();
    assertThat(backend.allocations()).isZero();
  }

  private static boolean waits(Thread thread) {
    try {
      thread.join(300);
      return thread.isAlive();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private EngineSettings settings() {
    return EngineSettings.on(backend).with(Precision.FLOAT32);
  }
}
