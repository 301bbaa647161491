package dev.convoy.models.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OrtException;
import dev.convoy.models.InvalidModelException;
import dev.convoy.models.ModelSpec;
import dev.convoy.models.state.ParameterLayout;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer.PoolingType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;

/** Layer by layer: what the exports compute is what DL4J and our layers compute. */
class LayerExportTest {
  private static final int EXAMPLES = 2;

  static Stream<String> names() {
    return LayerCases.all().keySet().stream();
  }

  @ParameterizedTest
  @MethodSource("names")
  void onnxRuntimeComputesTheSame(String name) throws OrtException {
    ComputationGraph graph = LayerCases.graph(LayerCases.all().get(name));
    float[] images = LayerCases.images(EXAMPLES);
    try (OnnxSession session = new OnnxSession(onnx(graph).content())) {
      assertThat(session.run("probabilities", LayerCases.INPUT, images, EXAMPLES))
          .containsExactly(output(graph, images), within(1e-5f));
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void stockLayersComputeTheSame(String name) {
    ComputationGraph graph = LayerCases.graph(LayerCases.all().get(name));
    StockGraph stock = StockGraph.of(graph, LayerCases.INPUT);
    assertThat(stock.configuration().toJson()).doesNotContain("dev.convoy");
    float[] images = LayerCases.images(EXAMPLES);
    ComputationGraph rewritten = stock.graph(ParameterLayout.of(graph), parameters(graph));
    assertThat(output(rewritten, images)).containsExactly(output(graph, images), within(1e-6f));
  }

  /** A last window that hangs over, of padding that counts: neither has a word for it. */
  @Test
  void whatNeitherFormatHasIsRefusedByItsName() {
    Layer layer = LayerCases.ceil(PoolingType.AVG, 4, 2, 1, true);
    ComputationGraph graph = LayerCases.graph(layer);
    assertThatThrownBy(() -> StockGraph.of(graph, LayerCases.INPUT))
        .isInstanceOf(InvalidModelException.class)
        .hasMessageContaining("case (CeilModePooling)");
    assertThatThrownBy(() -> onnx(graph))
        .isInstanceOf(InvalidModelException.class)
        .hasMessageContaining("case (CeilModePooling)");
  }

  @Test
  void onnxRefusesByTheNameOfTheVertex() {
    ComputationGraph graph =
        LayerCases.graph(new ActivationLayer.Builder().activation(Activation.GELU).build());
    assertThatThrownBy(() -> onnx(graph))
        .isInstanceOf(InvalidModelException.class)
        .hasMessageContaining("cannot be written as ONNX")
        .hasMessageContaining("case (ActivationLayer)");
  }

  private static ExportedFile onnx(ComputationGraph graph) {
    float[] parameters = parameters(graph);
    TrainedNetwork network =
        ExportNetworks.network(
            ModelSpec.of("case", LayerCases.INPUT, LayerCases.CLASSES), parameters);
    return ExportedFile.of(
        new OnnxFile(
            network,
            OnnxTranslation.graph(graph, ParameterLayout.of(graph), LayerCases.INPUT, parameters)));
  }

  private static float[] parameters(ComputationGraph graph) {
    return graph.params().dup().data().asFloat();
  }

  private static float[] output(ComputationGraph graph, float[] images) {
    return graph.outputSingle(LayerCases.array(images, EXAMPLES)).dup('c').data().asFloat();
  }
}
