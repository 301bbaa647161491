package dev.convoy.models.engine.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convoy.models.engine.Precision;
import dev.convoy.models.engine.ir.Shape;
import dev.convoy.models.engine.ir.TensorType;
import java.util.List;
import java.util.Random;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.dropout.GaussianDropout;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayerWithBackprop;
import org.deeplearning4j.nn.conf.weightnoise.DropConnect;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;

/** What is not supported is named with its reason, and runs on stock layers or is refused. */
class ReportTest {
  private final CountingBackend backend = new CountingBackend();

  private static GraphBuilder builder(DataType type) {
    return new NeuralNetConfiguration.Builder()
        .dataType(type)
        .updater(new Sgd(0.1))
        .graphBuilder()
        .addInputs("in")
        .setInputTypes(InputType.convolutional(8, 8, 3));
  }

  private static ComputationGraph graph(GraphBuilder builder) {
    ComputationGraph graph = new ComputationGraph(builder.setOutputs("out").build());
    graph.init();
    return graph;
  }

  private static OutputLayer output() {
    return new OutputLayer.Builder(new LossMCXENT()).nOut(3).activation(Activation.SOFTMAX).build();
  }

  private static ComputationGraph strange() {
    return graph(
        builder(DataType.FLOAT)
            .addLayer("depthwise", new DepthwiseConvolution2D.Builder(3, 3).build(), "in")
            .addLayer("norm", new BatchNormalization.Builder().useLogStd(true).build(), "depthwise")
            .addLayer("cube", new ActivationLayer(Activation.CUBE), "norm")
            .addLayer("pool", new GlobalPoolingLayer(PoolingType.SUM), "cube")
            .addVertex("max", new ElementWiseVertex(ElementWiseVertex.Op.Max), "pool", "pool")
            .addLayer(
                "out",
                new OutputLayer.Builder(new LossMSE())
                    .nOut(3)
                    .weightNoise(new DropConnect(1))
                    .activation(Activation.SOFTMAX)
                    .build(),
                "max"));
  }

  @Test
  void everyReasonIsNamed() {
    CompilationReport report = GraphSource.check(strange());
    assertThat(report.supported()).isFalse();
    assertThat(report.refusals())
        .extracting(Refusal::vertex)
        .containsExactlyInAnyOrder("depthwise", "norm", "cube", "pool", "max", "out", "out");
    assertThat(report.table().lines()).hasSize(6);
    assertThat(report.table())
        .contains("DepthwiseConvolution2D", "useLogStd(false)", "LossMSE", "weight noise");
    assertThat(GraphSource.check(GraphCases.small(1).graph()).table().lines())
        .hasSize(4)
        .allMatch(line -> line.endsWith("plan"));
  }

  @Test
  void strictRefusesWithAllReasons() {
    ComputationGraph graph = strange();
    assertThatThrownBy(() -> CompiledGraph.adopt(graph, strict()))
        .isInstanceOf(UnsupportedGraphException.class)
        .hasMessageContaining("depthwise")
        .hasMessageContaining("out (OutputLayer): the loss LossMSE");
  }

  @Test
  void otherwiseTheWholeGraphIsStock() {
    ComputationGraph stock = strange();
    CompiledGraph compiled = CompiledGraph.adopt(stock.clone(), EngineSettings.on(backend));
    MultiDataSet data = small(2);
    stock.fit(data);
    compiled.fit(data);
    assertThat(backend.runs()).isZero();
    assertThat(compiled.params()).isEqualTo(stock.params());
    assertThat(compiled.output(data.getFeatures())).isEqualTo(stock.output(data.getFeatures()));
    compiled.freePlans();
  }

  private static MultiDataSet small(int batch) {
    GraphCase shape = new GraphCase("shape", strange(), Shape.of(3, 8, 8), List.of(3));
    return shape.data(batch, new Random(2));
  }

  @Test
  void theGraphAsAWholeMayBeRefused() {
    ComputationGraph doubles = graph(builder(DataType.DOUBLE).addLayer("out", output(), "in"));
    assertThat(GraphSource.check(doubles).refusals())
        .singleElement()
        .extracting(Refusal::toString)
        .asString()
        .contains("DOUBLE");
  }

  @Test
  void weightsMayDifferByClass() {
    OutputLayer weighted =
        new OutputLayer.Builder(new LossMCXENT(Nd4j.createFromArray(1f, 2f, 1f)))
            .nOut(3)
            .activation(Activation.SOFTMAX)
            .build();
    ComputationGraph graph = graph(builder(DataType.FLOAT).addLayer("out", weighted, "in"));
    assertThat(GraphSource.check(graph).supported()).isTrue();
  }

  /** One vertex that cannot takes the others with it, and the report says so. */
  @Test
  void noVertexOfARefusedGraphIsOnAPlan() {
    ComputationGraph graph =
        graph(
            builder(DataType.FLOAT)
                .addLayer("convolution", new ConvolutionLayer.Builder(3, 3).nOut(2).build(), "in")
                .addLayer("cube", new ActivationLayer(Activation.CUBE), "convolution")
                .addLayer("out", output(), "cube"));
    assertThat(GraphSource.check(graph).table().lines())
        .satisfiesExactly(
            line -> assertThat(line).contains("convolution").endsWith("stock layers"),
            line -> assertThat(line).contains("cube").doesNotContain("stock layers"),
            line -> assertThat(line).contains("out").endsWith("stock layers"));
  }

  @Test
  void randomnessOfAnotherKindIsRefused() {
    ComputationGraph graph =
        graph(
            builder(DataType.FLOAT)
                .addLayer("gauss", new DropoutLayer.Builder(new GaussianDropout(0.5)).build(), "in")
                .addLayer("out", output(), "gauss"));
    assertThat(GraphSource.check(graph).table())
        .contains("GaussianDropout is not supported, only Dropout");
  }

  @Test
  void somethingTrainableBeforeAFrozenLayerIsRefused() {
    ComputationGraph graph =
        graph(
            builder(DataType.FLOAT)
                .addLayer("first", new ConvolutionLayer.Builder(3, 3).nOut(2).build(), "in")
                .addLayer("second", new ConvolutionLayer.Builder(3, 3).nOut(2).build(), "first")
                .addLayer("out", output(), "second"));
    graph.getVertex("second").setLayerAsFrozen();
    assertThat(GraphSource.check(graph).refusals())
        .singleElement()
        .extracting(Refusal::vertex)
        .isEqualTo("second");
  }

  /** Such a layer gives out the wrapped one's configuration as its own, but does not train it. */
  @Test
  void whatWrapsALayerIsRefusedAndStaysAsStockHasIt() {
    ComputationGraph stock =
        graph(
            builder(DataType.FLOAT)
                .addLayer("first", new ConvolutionLayer.Builder(3, 3).nOut(2).build(), "in")
                .addLayer(
                    "kept",
                    new FrozenLayerWithBackprop(new ConvolutionLayer.Builder(3, 3).nOut(2).build()),
                    "first")
                .addLayer("out", output(), "kept"));
    CompiledGraph compiled = CompiledGraph.adopt(stock.clone(), EngineSettings.on(backend));
    assertThat(compiled.report().refusals())
        .singleElement()
        .satisfies(refusal -> assertThat(refusal.vertex()).isEqualTo("kept"))
        .satisfies(refusal -> assertThat(refusal.kind()).isEqualTo("FrozenLayerWithBackprop"))
        .satisfies(refusal -> assertThat(refusal.reason()).contains("only FrozenLayer"));
    assertThat(compiled.report().rows())
        .extracting(CompilationReport.Row::frozen)
        .containsExactly(false, true, false);
    INDArray kept = compiled.getParam("kept_W").dup();
    INDArray first = compiled.getParam("first_W").dup();
    MultiDataSet data = small(2);
    stock.fit(data);
    compiled.fit(data);
    assertThat(backend.runs()).isZero();
    assertThat(compiled.params()).isEqualTo(stock.params());
    assertThat(compiled.getParam("kept_W")).isEqualTo(kept);
    assertThat(compiled.getParam("first_W")).isNotEqualTo(first);
    compiled.freePlans();
  }

  @Test
  void whatDoesNotFitItsInputIsNamed() {
    ComputationGraph graph = GraphCases.small(1).graph();
    List<TensorType> wrong = List.of(TensorType.plain(Shape.of(5, 8, 7)));
    assertThat(GraphSource.check(graph, wrong).table()).contains("it takes 3 channels");
    assertThatThrownBy(() -> GraphSource.of(graph, wrong, VarianceEstimate.POPULATION))
        .isInstanceOf(UnsupportedGraphException.class);
    CompiledGraph compiled =
        CompiledGraph.adopt(graph, EngineSettings.on(backend).with(Precision.FLOAT32));
    assertThatThrownBy(() -> compiled.output(Nd4j.zeros(2, 5, 8, 7))).hasMessageContaining("5");
    assertThat(backend.runs()).isZero();
    assertThat(compiled.report().supported()).isTrue();
    assertThat(compiled.report().table())
        .containsPattern("inputs .*5.*8.*7.* do not compile: .*it takes 3 channels");
    compiled.freePlans();
  }

  @Test
  void strictRefusesInputsThatDoNotCompileEachTime() {
    CompiledGraph compiled = CompiledGraph.adopt(GraphCases.small(1).graph(), strict());
    for (int call = 0; call < 2; call++) {
      assertThatThrownBy(() -> compiled.output(Nd4j.zeros(2, 5, 8, 7)))
          .isInstanceOf(UnsupportedGraphException.class)
          .hasMessageContaining("it takes 3 channels");
    }
    compiled.freePlans();
  }

  @Test
  void strictRefusesWhatTheBackendCannotCompileEachTime() {
    GraphCase test = GraphCases.small(1);
    CompiledGraph compiled = CompiledGraph.adopt(test.graph(), strict());
    MultiDataSet data = test.data(2, new Random(3));
    INDArray before = compiled.params().dup();
    backend.refuseAfter(0);
    for (int call = 0; call < 2; call++) {
      assertThatThrownBy(() -> compiled.fit(data))
          .isInstanceOf(UnsupportedGraphException.class)
          .hasMessageContaining("compiles nothing");
    }
    assertThat(compiled.params()).isEqualTo(before);
    compiled.freePlans();
  }

  private EngineSettings strict() {
    return EngineSettings.on(backend)
        .with(Precision.FLOAT32)
        .with(EngineSettings.Unsupported.REFUSED);
  }
}
