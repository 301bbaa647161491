package dev.convoy.models.engine.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.convoy.models.ModelRegistry;
import dev.convoy.models.engine.ReferenceInterpreter;
import dev.convoy.models.engine.ir.External.Buffer;
import dev.convoy.models.engine.ir.ForwardPass;
import dev.convoy.models.engine.ir.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;

/** The program, computed naively in double, against the stock graph. */
class GraphSourceTest {
  private static final double TOLERANCE = 1e-4;

  static Stream<GraphCase> cases() {
    return Stream.of(
            LongStream.of(1, 2, 3).boxed().flatMap(GraphCases::all),
            Stream.of(GraphCases.flatInput(4)),
            Stream.of("lenet", "resnet20_cifar").map(GraphSourceTest::registered))
        .flatMap(part -> part);
  }

  private static GraphCase registered(String name) {
    var spec = ModelRegistry.standard().defaultSpec(name);
    var input = spec.input();
    return new GraphCase(
        name,
        ModelRegistry.standard().build(spec, 7),
        Shape.of(input.channels(), input.height(), input.width()),
        List.of(spec.classes()));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void predictsLikeTheGraph(GraphCase test) {
    int batch = 1 + new Random(test.name().hashCode()).nextInt(3);
    MultiDataSet data = test.data(batch, new Random(5));
    // So that running statistics are not those of the beginning.
    test.graph().fit(data);
    ForwardPass pass = source(test).forward(batch, ForwardPass.Mode.INFERENCE);
    ReferenceInterpreter interpreter = interpreter(test, data);
    List<double[]> predictions = new ArrayList<>();
    for (int classes : test.classes()) {
      double[] probabilities = new double[batch * classes];
      interpreter.bind(Buffer.PREDICTIONS, predictions.size(), probabilities);
      predictions.add(probabilities);
    }

    interpreter.run(pass.program());

    INDArray[] stock = test.graph().output(data.getFeatures());
    for (int i = 0; i < stock.length; i++) {
      assertThat(predictions.get(i))
          .containsExactly(stock[i].dup('c').data().asDouble(), within(TOLERANCE));
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void hasTheLossAndTheStatisticsOfTheGraph(GraphCase test) {
    int batch = 2 + new Random(test.name().hashCode()).nextInt(3);
    MultiDataSet data = test.data(batch, new Random(6));
    ForwardPass pass = source(test).forward(batch, ForwardPass.Mode.TRAINING);
    ReferenceInterpreter interpreter = interpreter(test, data);
    double[] gradient = new double[(int) test.graph().numParams()];
    interpreter.bind(Buffer.GRADIENT, 0, gradient);
    List<double[]> losses = new ArrayList<>();
    for (int i = 0; i < test.classes().size(); i++) {
      losses.add(new double[batch]);
      interpreter.bind(Buffer.LOSSES, i, losses.get(i));
      interpreter.bind(Buffer.LABELS, i, data.getLabels(i).dup('c').data().asDouble());
    }

    interpreter.run(pass.program());

    test.graph().setInputs(data.getFeatures());
    test.graph().setLabels(data.getLabels());
    test.graph().initGradientsView();
    test.graph().computeGradientAndScore();
    double sum = losses.stream().flatMapToDouble(Arrays::stream).sum();
    double regularisation = test.graph().calcRegularizationScore(true);
    assertThat(sum / batch + regularisation).isCloseTo(test.graph().score(), within(TOLERANCE));
    double[] stock = test.graph().getGradientsViewArray().dup('c').data().asDouble();
    pass.program()
        .externals()
        .forEach(
            (value, place) -> {
              if (place.buffer() == Buffer.GRADIENT) {
                for (int i = 0; i < value.shape().elements(); i++) {
                  int at = (int) place.offset() + i;
                  assertThat(gradient[at]).isCloseTo(stock[at], within(TOLERANCE));
                }
              }
            });
  }

  /** A network that predicts one output has the statistics of all, which training moves. */
  @Test
  void statisticsAreThoseOfEveryOutput() {
    GraphCase test = GraphCases.auxiliaryNorm(8);
    ForwardPass pass =
        GraphSource.predictingFirstOutput(
                test.graph(), test.inputs(), VarianceEstimate.POPULATION, List.of())
            .forward(2, ForwardPass.Mode.STATISTICS);
    assertThat(pass.program().externals().values())
        .filteredOn(place -> place.buffer() == Buffer.GRADIENT)
        .as("mean and variance of two norms")
        .hasSize(4);
  }

  private static GraphSource source(GraphCase test) {
    return GraphSource.of(test.graph(), test.inputs(), VarianceEstimate.POPULATION);
  }

  private static ReferenceInterpreter interpreter(GraphCase test, MultiDataSet data) {
    return new ReferenceInterpreter()
        .bind(Buffer.IMAGES, 0, data.getFeatures(0).dup('c').data().asDouble())
        .bind(Buffer.PARAMETERS, 0, test.graph().params().dup('c').data().asDouble());
  }
}
