package dev.convoy.models.engine.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.convoy.models.engine.Precision;
import dev.convoy.models.engine.ReferenceInterpreter;
import dev.convoy.models.engine.ir.External.Buffer;
import dev.convoy.models.engine.ir.ForwardPass;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;

/** What stock DL4J cannot be compared with, or only in another form. */
class SpecialCasesTest {
  private final CountingBackend backend = new CountingBackend();
  private final Random random = new Random(4);

  @Test
  void picturesInBytesAreNormalisedInThePlan() {
    GraphCase test = GraphCases.bytes(41);
    ComputationGraph stock = test.graph().clone();
    CompiledGraph compiled = CompiledGraph.adopt(test.graph(), settings());
    for (int batch : new int[] {3, 2}) {
      double[] pixels = random.ints(216L * batch, 0, 256).asDoubleStream().toArray();
      INDArray floats =
          Nd4j.createFromArray(pixels).castTo(DataType.FLOAT).reshape('c', batch, 9, 8, 3);
      INDArray[] labels = test.labels(batch, random);
      stock.fit(new INDArray[] {floats}, labels);
      compiled.fit(new INDArray[] {floats.castTo(DataType.UINT8)}, labels);
      Closeness.assertClose(compiled.params(), stock.params(), "parameters");
      Closeness.assertClose(compiled.outputSingle(floats), stock.outputSingle(floats), "output");
    }
    assertThat(backend.steps()).isEqualTo(2);
    compiled.freePlans();
  }

  /** A plan would read bytes of them. */
  @Test
  void picturesThatAreNotBytesAreStock() {
    for (double other : new double[] {0.5, -1, 256, 1e10, Double.NaN}) {
      for (DataType type : List.of(DataType.FLOAT, DataType.DOUBLE)) {
        GraphCase test = GraphCases.bytes(48);
        ComputationGraph stock = test.graph().clone();
        CompiledGraph compiled = CompiledGraph.adopt(test.graph(), settings());
        INDArray pictures = Nd4j.ones(type, 2, 9, 8, 3).muli(7);
        pictures.putScalar(new int[] {1, 8, 7, 2}, other);
        INDArray[] features = {pictures};
        INDArray[] labels = test.labels(2, random);
        assertThat(compiled.outputSingle(pictures)).isEqualTo(stock.outputSingle(pictures));
        stock.fit(features, labels);
        compiled.fit(features, labels);
        assertThat(backend.runs()).isZero();
        Closeness.assertClose(
            compiled.updaterState(), stock.updaterState(), "updater state with " + other);
        compiled.freePlans();
      }
    }
  }

  @Test
  void bytesInAnyTypeAreReadByThePlan() {
    GraphCase test = GraphCases.bytes(49);
    CompiledGraph compiled = CompiledGraph.adopt(test.graph(), settings());
    INDArray bytes =
        Nd4j.createFromArray(random.ints(216, 0, 256).toArray()).reshape('c', 1, 9, 8, 3);
    INDArray expected = compiled.outputSingle(bytes.castTo(DataType.UINT8));
    for (INDArray same :
        List.of(
            bytes,
            bytes.castTo(DataType.FLOAT),
            bytes.castTo(DataType.DOUBLE),
            bytes.castTo(DataType.FLOAT).dup('f'))) {
      int before = backend.runs();
      assertThat(compiled.outputSingle(same)).isEqualTo(expected);
      assertThat(backend.runs()).isGreaterThan(before);
    }
    compiled.freePlans();
  }

  /** DL4J's gradient divides by the wrong channel's scale, which shows where alpha is large. */
  @Test
  void theGradientOfResponseNormalisationIsTheFunctions() {
    GraphCase test = GraphCases.strongResponses(42);
    CompiledGraph compiled = CompiledGraph.adopt(test.graph(), settings());
    MultiDataSet data = test.data(2, random);
    compiled.setInputs(data.getFeatures());
    compiled.setLabels(data.getLabels());
    compiled.computeGradientAndScore();
    double[] gradient = compiled.getFlattenedGradients().dup('c').data().asDouble();
    double[] parameters = compiled.params().dup('c').data().asDouble();
    double step = 1e-5;
    for (int i = 0; i < parameters.length; i += 3) {
      double[] up = parameters.clone();
      double[] down = parameters.clone();
      up[i] += step;
      down[i] -= step;
      double slope = (loss(test, data, up) - loss(test, data, down)) / (2 * step);
      assertThat(gradient[i]).isCloseTo(slope, within(Closeness.TOLERANCE));
    }
    compiled.freePlans();
  }

  /** As in PyTorch; DL4J takes 1. */
  @Test
  void leakyReluHasItsSlopeAsDerivativeAtZero() {
    GraphCase test = GraphCases.leaky(47);
    test.graph().getLayer("v0").params().assign(0); // so that all it gives is exactly 0
    ComputationGraph stock = test.graph().clone();
    CompiledGraph compiled = CompiledGraph.adopt(test.graph(), settings());
    MultiDataSet data = test.data(3, random);
    for (ComputationGraph graph : List.of(stock, compiled)) {
      graph.initGradientsView();
      graph.setInputs(data.getFeatures());
      graph.setLabels(data.getLabels());
      graph.computeGradientAndScore();
    }
    INDArray ones = stock.gradient().getGradientFor("v0_W");
    assertThat(ones.norm2Number().doubleValue()).isGreaterThan(1);
    Closeness.assertClose(
        compiled.gradient().getGradientFor("v0_W"), ones.mul(0.2), "gradient of the kernel");
    compiled.freePlans();
  }

  private static double loss(GraphCase test, MultiDataSet data, double[] parameters) {
    int batch = (int) data.getFeatures(0).size(0);
    double[] losses = new double[batch];
    new ReferenceInterpreter()
        .bind(Buffer.IMAGES, 0, data.getFeatures(0).dup('c').data().asDouble())
        .bind(Buffer.PARAMETERS, 0, parameters)
        .bind(Buffer.LABELS, 0, data.getLabels(0).dup('c').data().asDouble())
        .bind(Buffer.LOSSES, 0, losses)
        .run(
            GraphSource.of(test.graph(), test.inputs(), VarianceEstimate.POPULATION)
                .forward(batch, ForwardPass.Mode.TRAINING)
                .program());
    return Arrays.stream(losses).sum();
  }

  @Test
  void plansThatWereFreedAreMadeAgain() {
    GraphCase test = GraphCases.small(46);
    CompiledGraph compiled = CompiledGraph.adopt(test.graph(), settings());
    MultiDataSet data = test.data(3, random);
    INDArray first = compiled.outputSingle(data.getFeatures());
    assertThat(compiled.memory(ForwardPass.Mode.TRAINING, data.getFeatures()))
        .hasValueSatisfying(need -> assertThat(need.bytes()).isPositive());
    compiled.freePlans();
    assertThat(backend.allocations()).isZero();
    assertThat(compiled.outputSingle(data.getFeatures())).isEqualTo(first);
    compiled.freePlans();
  }

  private EngineSettings settings() {
    return EngineSettings.on(backend).with(Precision.FLOAT32);
  }
}
