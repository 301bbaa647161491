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
            with(1, WindowCases.all(17)),
            with(2, WindowCases.all(18)),
            with(1, RowCases.all(19)),
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
                    Stream.of(
                            seed % 2 == 0
                                ? GraphCases.all(seed)
                                : GraphCases.all(seed, new ClassicalMomentum(0.01, 0.9)),
                            WindowCases.all(seed),
                            RowCases.all(seed))
                        .flatMap(part -> part)));
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
    CountingBackend backend = new CountingBackend(threads);
    ComputationGraph stock = test.graph().clone();
    CompiledGraph compiled = CompiledGraph.adopt(test.graph(), settings(backend));
    assertThat(compiled.report().refusals()).isEmpty();
    Random random = new Random(test.name().hashCode());
    // Of two or three values a norm's gradient cancels: stock itself is 4e-5 from float64 there.
    int smallest = test.name().startsWith(GraphCases.NORM_OF_FEATURES) ? 4 : 1;
    int steps = 0;
    for (int size : BATCHES) {
      int batch = Math.max(size, smallest);
      MultiDataSet data = test.data(batch, random);
      GradientCloseness.assertSame(stock, compiled, data);
      steps++;
      assertThat(backend.steps()).as("gradients that plans computed").isEqualTo(steps);
      stock.fit(data);
      compiled.fit(data);
      steps++;
      assertThat(backend.steps()).as("gradients that plans computed").isEqualTo(steps);
      assertThat(compiled.score()).isCloseTo(stock.score(), within(Closeness.TOLERANCE));
      Closeness.assertClose(compiled.params(), stock.params(), "parameters");
      Closeness.assertClose(compiled.updaterState(), stock.updaterState(), "updater state");
      assertThat(compiled.getIterationCount()).isEqualTo(stock.getIterationCount());
    }
    assertThat(backend.runs()).as("nothing but steps ran").isEqualTo(steps);
    for (int batch : List.of(1, 4)) {
      MultiDataSet data = test.data(batch, random);
      int before = backend.runs();
      INDArray[] predicted = compiled.output(data.getFeatures());
      assertThat(backend.runs()).as("runs for a prediction").isGreaterThan(before);
      INDArray[] expected = stock.output(data.getFeatures());
      for (int i = 0; i < expected.length; i++) {
        Closeness.assertClose(predicted[i], expected[i], "output " + i);
      }
      before = backend.runs();
      double score = compiled.score(data);
      assertThat(backend.runs()).as("runs for a score").isGreaterThan(before);
      assertThat(score).isCloseTo(stock.score(data), within(Closeness.TOLERANCE));
    }
    compiled.freePlans();
    assertThat(backend.allocations()).isZero();
  }

  private static EngineSettings settings(CountingBackend backend) {
    return EngineSettings.on(backend)
        .with(Precision.FLOAT32)
        .with(EngineSettings.Unsupported.REFUSED);
  }
}
