package dev.convoy.models.engine.dl4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.models.engine.Precision;
import dev.convoy.models.engine.ir.ForwardPass.Mode;
import dev.convoy.models.engine.ir.Value;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.graph.FrozenVertex;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.layers.FrozenLayer;
import org.deeplearning4j.nn.transferlearning.FineTuneConfiguration;
import org.deeplearning4j.nn.transferlearning.TransferLearning;
import org.deeplearning4j.nn.weights.WeightInit;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;

/** Transfer learning: the graph comes out plain, and adopted it trains what is not frozen. */
class FreezingTest {
  private static final EngineSettings SETTINGS =
      EngineSettings.withThreads(1)
          .with(Precision.FLOAT32)
          .with(EngineSettings.Unsupported.REFUSED);

  private final CountingBackend backend = new CountingBackend();
  private final Random random = new Random(9);

  /** Of the small graph the convolution, the norm and the activation are v0, v1 and v2. */
  private static ComputationGraph tuned(ComputationGraph graph) {
    return new TransferLearning.GraphBuilder(graph)
        .fineTuneConfiguration(
            new FineTuneConfiguration.Builder().updater(new ClassicalMomentum(0.2, 0.9)).build())
        .setFeatureExtractor("v2")
        .nOutReplace("v3", 4, WeightInit.XAVIER)
        .build();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void frozenLayersStayAndTheOthersTrainAsInStock(boolean savedInBetween) {
    GraphCase test = GraphCases.small(31);
    CompiledGraph before = CompiledGraph.adopt(test.graph(), SETTINGS);
    before.fit(test.data(4, random));
    ComputationGraph stock = tuned(before);
    assertThat(stock).isExactlyInstanceOf(ComputationGraph.class);
    ComputationGraph source = savedInBetween ? stock.clone() : tuned(before);
    source.setParams(stock.params());
    CompiledGraph compiled = CompiledGraph.adopt(source, SETTINGS);
    assertThat(compiled.report().rows())
        .extracting(CompilationReport.Row::frozen)
        .containsExactly(true, true, true, false);
    assertThat(compiled.getLayer("v0")).isInstanceOf(FrozenLayer.class);
    INDArray kernel = compiled.getParam("v0_W").dup();
    INDArray mean = compiled.getParam("v1_mean").dup();
    for (int batch : List.of(3, 2, 5)) {
      MultiDataSet data = test.data(batch, random);
      stock.fit(data);
      compiled.fit(data);
      Closeness.assertClose(compiled.params(), stock.params(), "parameters");
      Closeness.assertClose(compiled.updaterState(), stock.updaterState(), "updater state");
    }
    assertThat(compiled.getParam("v0_W")).isEqualTo(kernel);
    assertThat(compiled.getParam("v1_mean")).isEqualTo(mean);
    before.freePlans();
    compiled.freePlans();
  }

  @Test
  void onlyTheClassifierIsTrainable() {
    GraphCase test = GraphCases.small(32);
    GraphSource source =
        GraphSource.of(tuned(test.graph()), test.inputs(), VarianceEstimate.POPULATION);
    assertThat(source.forward(2, Mode.TRAINING).trainable())
        .extracting(Value::name)
        .containsExactlyInAnyOrder("v3.W", "v3.b");
  }

  /**
   * What of a graph is frozen.
   *
   * @param graph a case's name
   * @param last the vertex up to which it is frozen
   * @param frozen all that is
   * @param vertices how many of these are no layers
   */
  private record Part(String graph, String last, List<String> frozen, int vertices) {
    @Override
    public String toString() {
      return graph + " up to " + last;
    }
  }

  static Stream<Part> parts() {
    return Stream.of(
        // The block with its sum and ReLU, and one of its three branches.
        new Part("residual", "v5", List.of("v0", "v1", "v2", "v3", "v4", "v5"), 1),
        new Part("residual", "v3", List.of("v0", "v3"), 0),
        // The first block, not the shortcut beside it that begins at the same convolution.
        new Part("crossed residuals", "v5", List.of("v0", "v2", "v3", "v4", "v5"), 1),
        // All up to the classifier, the merged branches, and one of them.
        new Part("inception", "v7", List.of("v0", "v1", "v2", "v3", "v4", "v5", "v6", "v7"), 3),
        new Part("inception", "v4", List.of("v0", "v1", "v2", "v3", "v4"), 1),
        new Part("inception", "v2", List.of("v0", "v2"), 0));
  }

  /** As adopted, then out of a zip, then as a clone. */
  @ParameterizedTest
  @MethodSource("parts")
  void frozenPartsOfBranchingGraphsStayAndTheOthersTrainAsInStock(Part part) throws IOException {
    GraphCase test = named(part.graph());
    test.graph().fit(test.data(4, random)); // so that running statistics are not the first ones
    Map<String, float[]> before = parameters(test.graph());
    ComputationGraph stock = frozen(test.graph(), part);
    CompiledGraph adopted = CompiledGraph.adopt(frozen(test.graph(), part), strict());
    train(test, stock, adopted);
    CompiledGraph restored = CompiledGraph.adopt(throughZip(adopted), strict());
    train(test, stock, restored);
    CompiledGraph copy = restored.clone();
    train(test, stock, copy);
    for (CompiledGraph graph : List.of(adopted, restored, copy)) {
      assertFrozen(part, graph, before);
      graph.freePlans();
    }
    assertThat(backend.allocations()).isZero();
  }

  private static GraphCase named(String name) {
    return GraphCases.all(33).filter(test -> test.name().equals(name)).findFirst().orElseThrow();
  }

  private static ComputationGraph frozen(ComputationGraph graph, Part part) {
    return new TransferLearning.GraphBuilder(graph)
        .fineTuneConfiguration(
            new FineTuneConfiguration.Builder().updater(new ClassicalMomentum(0.05, 0.9)).build())
        .setFeatureExtractor(part.last())
        .build();
  }

  private void train(GraphCase test, ComputationGraph stock, CompiledGraph compiled) {
    for (int batch : List.of(3, 5)) {
      MultiDataSet data = test.data(batch, random);
      int steps = backend.steps();
      stock.fit(data);
      compiled.fit(data);
      assertThat(backend.steps()).as("steps on the plan").isEqualTo(steps + 1);
      Closeness.assertClose(compiled.params(), stock.params(), "parameters");
      Closeness.assertClose(compiled.updaterState(), stock.updaterState(), "updater state");
      INDArray[] features = data.getFeatures();
      Closeness.assertClose(
          compiled.outputSingle(features), stock.outputSingle(features), "output");
    }
  }

  private static ComputationGraph throughZip(ComputationGraph graph) throws IOException {
    ByteArrayOutputStream zip = new ByteArrayOutputStream();
    ModelSerializer.writeModel(graph, zip, true);
    return ModelSerializer.restoreComputationGraph(
        new ByteArrayInputStream(zip.toByteArray()), true);
  }

  private static void assertFrozen(Part part, CompiledGraph graph, Map<String, float[]> before) {
    assertThat(graph.report().rows())
        .filteredOn(CompilationReport.Row::frozen)
        .extracting(CompilationReport.Row::vertex)
        .containsExactlyInAnyOrderElementsOf(part.frozen());
    assertThat(graph.getConfiguration().getVertices().values())
        .filteredOn(vertex -> vertex instanceof FrozenVertex)
        .hasSize(part.vertices());
    parameters(graph)
        .forEach(
            (vertex, values) -> {
              boolean kept = Arrays.equals(values, before.get(vertex));
              boolean frozen = part.frozen().contains(vertex);
              assertThat(kept).as("%s is as before", vertex).isEqualTo(frozen);
            });
  }

  /** Of every vertex that has some. */
  private static Map<String, float[]> parameters(ComputationGraph graph) {
    Map<String, float[]> parameters = new TreeMap<>();
    for (var vertex : graph.getVertices()) {
      if (vertex.hasLayer() && vertex.getLayer().numParams() > 0) {
        INDArray values = vertex.getLayer().params();
        parameters.put(vertex.getVertexName(), values.dup('c').data().asFloat());
      }
    }
    return parameters;
  }

  private EngineSettings strict() {
    return EngineSettings.on(backend)
        .with(Precision.FLOAT32)
        .with(EngineSettings.Unsupported.REFUSED);
  }
}
