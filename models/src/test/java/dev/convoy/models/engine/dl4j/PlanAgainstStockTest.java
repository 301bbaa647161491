package dev.convoy.models.engine.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.convoy.models.engine.Precision;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;

/** Every layer, vertex and fusion in float32 against the stock graph, batches of several sizes. */
class PlanAgainstStockTest {
  private static final List<Integer> BATCHES = List.of(3, 2, 1, 5);

  private static final int MANY = 40;

  static Stream<Arguments> cases() {
    return Stream.of(
            with(1, GraphCases.all(11)),
            with(2, GraphCases.all(12)),
            with(1, GraphCases.all(13, new ClassicalMomentum(0.01, 0.9))),
            with(2, Stream.of(GraphCases.flatInput(14))),
            with(1, Stream.of(GraphCases.reshapedRows(15), GraphCases.flattenedImages(16))))
        .flatMap(part -> part);
  }

  /** Of any four seeds in a row each updater and number of threads once with the other. */
  static Stream<Arguments> manyCases() {
    return LongStream.range(100, 100 + MANY)
        .boxed()
        .flatMap(
            seed ->
                with(
                    1 + (int) (seed / 2 % 2),
                    seed % 2 == 0
                        ? GraphCases.all(seed)
                        : GraphCases.all(seed, new ClassicalMomentum(0.01, 0.9))));
  }

  private static Stream<Arguments> with(int threads, Stream<GraphCase> cases) {
    return cases.map(test -> Arguments.of(test, threads));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void trainsAndPredictsLikeTheGraph(GraphCase test, int threads) {
    compare(test, threads);
  }

  @ParameterizedTest
  @Tag("full")
  @MethodSource("manyCases")
  void manyMoreDoSo(GraphCase test, int threads) {
    compare(test, threads);
  }

  private static void compare(GraphCase test, int threads) {
    ComputationGraph stock = test.graph().clone();
    CompiledGraph compiled = CompiledGraph.adopt(test.graph(), settings(threads));
    assertThat(compiled.report().refusals()).isEmpty();
    Random random = new Random(test.name().hashCode());
    // Of two or three values a norm's gradient cancels: stock itself is 4e-5 from float64 there.
    int smallest = test.name().startsWith(GraphCases.NORM_OF_FEATURES) ? 4 : 1;
    for (int size : BATCHES) {
      int batch = Math.max(size, smallest);
      MultiDataSet data = test.data(batch, random);
      assertSameGradient(stock, compiled, data);
      stock.fit(data);
      compiled.fit(data);
      assertThat(compiled.score()).isCloseTo(stock.score(), within(Closeness.TOLERANCE));
      Closeness.assertClose(compiled.params(), stock.params(), "parameters");
      Closeness.assertClose(compiled.updaterState(), stock.updaterState(), "updater state");
      assertThat(compiled.getIterationCount()).isEqualTo(stock.getIterationCount());
    }
    for (int batch : List.of(1, 4)) {
      MultiDataSet data = test.data(batch, random);
      INDArray[] predicted = compiled.output(data.getFeatures());
      INDArray[] expected = stock.output(data.getFeatures());
      for (int i = 0; i < expected.length; i++) {
        Closeness.assertClose(predicted[i], expected[i], "output " + i);
      }
      assertThat(compiled.score(data)).isCloseTo(stock.score(data), within(Closeness.TOLERANCE));
    }
    compiled.freePlans();
  }

  private static void assertSameGradient(
      ComputationGraph stock, CompiledGraph compiled, MultiDataSet data) {
    for (ComputationGraph graph : List.of(stock, compiled)) {
      graph.initGradientsView();
      graph.setInputs(data.getFeatures());
      graph.setLabels(data.getLabels());
      graph.computeGradientAndScore();
    }
    assertThat(compiled.score()).isCloseTo(stock.score(), within(Closeness.TOLERANCE));
    Closeness.assertClose(
        compiled.getFlattenedGradients(), stock.getFlattenedGradients(), "gradient");
    assertThat(compiled.gradient().gradientForVariable().keySet())
        .containsExactlyInAnyOrderElementsOf(stock.gradient().gradientForVariable().keySet());
  }

  private static EngineSettings settings(int threads) {
    return EngineSettings.withThreads(threads)
        .with(Precision.FLOAT32)
        .with(EngineSettings.Unsupported.REFUSED);
  }
}
