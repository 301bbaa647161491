package dev.convoy.models.engine.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.convoy.models.engine.Precision;
import dev.convoy.models.engine.ir.ElementType;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;

/** Plans in bfloat16 near those in float32, where the processor computes in it. */
class BrainFloatPlansTest {
  private static final int BATCH = 16;

  /**
   * Of the cosine. A number has 8 bits: of a hundred maxima one may be another pixel's, and as many
   * inputs of a ReLU may have another sign, which alone turns a gradient by a tenth.
   */
  private static final double DIRECTION = 0.98;

  /** Of a single tensor's: a few maxima over whole images are all that it hangs on. */
  private static final double DIRECTION_OF_TENSOR = 0.9;

  private final CountingBackend backend = new CountingBackend();

  @BeforeEach
  void onlyWhereTheProcessorHasIt() {
    assumeTrue(backend.isNative(ElementType.BFLOAT16), "this processor has no bfloat16");
  }

  static Stream<GraphCase> cases() {
    return Stream.of(GraphCases.all(61), WindowCases.all(62), RowCases.all(63))
        .flatMap(part -> part);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void gradientsPointWhereFloat32sDo(GraphCase test) {
    MultiDataSet data = test.data(BATCH, new Random(1));
    Map<String, double[]> brain = gradients(test.graph().clone(), Precision.BFLOAT16, data);
    Map<String, double[]> single = gradients(test.graph().clone(), Precision.FLOAT32, data);
    assertThat(brain.keySet()).isEqualTo(single.keySet());
    Set<String> cancelled = GradientCloseness.biasesBeforeNorms(test.graph());
    double product = 0;
    double ofBrain = 0;
    double ofSingle = 0;
    for (String name : single.keySet()) {
      double[] a = brain.get(name);
      double[] b = single.get(name);
      if (cancelled.contains(name) || dot(b, b) == 0) { // of rounding alone, or nothing
        continue;
      }
      double both = dot(a, b);
      double cosine = both / Math.sqrt(dot(a, a) * dot(b, b));
      assertThat(cosine).as("cosine of %s", name).isGreaterThan(DIRECTION_OF_TENSOR);
      product += both;
      ofBrain += dot(a, a);
      ofSingle += dot(b, b);
    }
    assertThat(product / Math.sqrt(ofBrain * ofSingle)).as("cosine").isGreaterThan(DIRECTION);
    assertThat(Math.sqrt(ofBrain / ofSingle)).as("length").isBetween(0.95, 1.05);
  }

  private Map<String, double[]> gradients(
      ComputationGraph graph, Precision precision, MultiDataSet data) {
    CompiledGraph compiled = CompiledGraph.adopt(graph, settings(precision));
    int before = backend.steps();
    Map<String, double[]> gradients = GradientCloseness.gradients(compiled, data);
    assertThat(backend.steps()).as("steps on the plan").isEqualTo(before + 1);
    compiled.freePlans();
    return gradients;
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  @ParameterizedTest
  @MethodSource("cases")
  void predictionsAreNearFloat32s(GraphCase test) {
    MultiDataSet data = test.data(BATCH, new Random(2));
    INDArray[] brain = predictions(test.graph().clone(), Precision.BFLOAT16, data);
    INDArray[] single = predictions(test.graph().clone(), Precision.FLOAT32, data);
    for (int i = 0; i < single.length; i++) {
      // Logits are float32 sums of products of two factors that are 1/256 off at most.
      assertThat(brain[i].dup('c').data().asDouble())
          .as("output %d", i)
          .containsExactly(single[i].dup('c').data().asDouble(), within(0.05));
    }
  }

  private INDArray[] predictions(ComputationGraph graph, Precision precision, MultiDataSet data) {
    CompiledGraph compiled = CompiledGraph.adopt(graph, settings(precision));
    int before = backend.runs();
    INDArray[] predictions = compiled.output(data.getFeatures());
    assertThat(backend.runs()).as("runs of the plan").isGreaterThan(before);
    compiled.freePlans();
    return predictions;
  }

  @Test
  void trainsOnThePlan() {
    GraphCase test = GraphCases.small(45);
    CompiledGraph compiled = CompiledGraph.adopt(test.graph(), settings(Precision.BFLOAT16));
    MultiDataSet data = test.data(8, new Random(4));
    double before = compiled.score(data);
    for (int i = 0; i < 20; i++) {
      compiled.fit(data);
    }
    assertThat(backend.steps()).isEqualTo(20);
    assertThat(compiled.score(data)).isLessThan(before / 2);
    compiled.freePlans();
  }

  /** Without further words, too. */
  @Test
  void isWhatIsTakenByItself() {
    assertThat(EngineSettings.on(backend).precision()).isEqualTo(Precision.BFLOAT16);
  }

  private EngineSettings settings(Precision precision) {
    return EngineSettings.on(backend).with(precision).with(EngineSettings.Unsupported.REFUSED);
  }
}
