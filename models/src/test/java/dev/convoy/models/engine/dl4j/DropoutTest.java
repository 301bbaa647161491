package dev.convoy.models.engine.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.convoy.models.engine.Precision;
import dev.convoy.models.engine.ReferenceInterpreter;
import dev.convoy.models.engine.backend.Backend;
import dev.convoy.models.engine.backend.Bindings;
import dev.convoy.models.engine.backend.DeviceMemory;
import dev.convoy.models.engine.backend.Executable;
import dev.convoy.models.engine.backend.StoragePlan;
import dev.convoy.models.engine.ir.External;
import dev.convoy.models.engine.ir.External.Buffer;
import dev.convoy.models.engine.ir.ForwardPass.Mode;
import dev.convoy.models.engine.ir.Op;
import dev.convoy.models.engine.ir.Operation;
import dev.convoy.models.engine.ir.Program;
import dev.convoy.models.engine.ir.ProgramBuilder;
import dev.convoy.models.engine.ir.TensorType;
import dev.convoy.models.engine.ir.Value;
import dev.convoy.models.engine.onednn.OneDnnBackend;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;

/** What plans drop, and the gradient through it: stock draws other masks. */
class DropoutTest {
  private static final int BATCH = 3;
  private static final double STEP = 1e-5;

  private final CountingBackend backend = new CountingBackend();
  private final Random random = new Random(4);

  /** The masks are the backend's own; all else is computed in float64. */
  @Test
  void theGradientIsThatOfTheLossUnderTheSameMasks() {
    GraphCase test = GraphCases.dropouts(50);
    EngineSettings settings = settings().withDropoutSeed(7);
    CompiledGraph compiled = CompiledGraph.adopt(test.graph(), settings);
    Program forward =
        GraphSource.of(test.graph(), test.inputs(), VarianceEstimate.POPULATION)
            .forward(BATCH, Mode.TRAINING)
            .program();
    MultiDataSet data = test.data(BATCH, random);
    for (int iteration = 0; iteration < 2; iteration++) {
      Map<Value, double[]> masks = masks(forward, settings.dropoutSeed(iteration));
      compiled.setInputs(data.getFeatures());
      compiled.setLabels(data.getLabels());
      compiled.computeGradientAndScore();
      double[] gradient = compiled.getFlattenedGradients().dup('c').data().asDouble();
      double[] parameters = compiled.params().dup('c').data().asDouble();
      double score =
          loss(forward, masks, data, parameters) / BATCH + compiled.calcRegularizationScore(true);
      assertThat(compiled.score()).isCloseTo(score, within(Closeness.TOLERANCE));
      double[] slopes = new double[gradient.length];
      for (int i = 0; i < slopes.length; i++) {
        slopes[i] = slope(forward, masks, data, parameters, i);
      }
      Closeness.assertClose(gradient, slopes, "gradient");
      assertThat(GradientCloseness.norm(slopes)).isGreaterThan(0.1);
      assertThat(GradientCloseness.distance(gradient, slopes))
          .as("distance of the gradient")
          .isLessThan(1e-4 * GradientCloseness.norm(slopes));
      compiled.fit(data);
    }
    assertThat(backend.steps()).isEqualTo(4);
    compiled.freePlans();
  }

  private static double slope(
      Program forward,
      Map<Value, double[]> masks,
      MultiDataSet data,
      double[] parameters,
      int parameter) {
    double[] up = parameters.clone();
    double[] down = parameters.clone();
    up[parameter] += STEP;
    down[parameter] -= STEP;
    return (loss(forward, masks, data, up) - loss(forward, masks, data, down)) / (2 * STEP);
  }

  private static double loss(
      Program forward, Map<Value, double[]> masks, MultiDataSet data, double[] parameters) {
    double[] losses = new double[BATCH];
    new ReferenceInterpreter()
        .masks(masks)
        .bind(Buffer.IMAGES, 0, data.getFeatures(0).dup('c').data().asDouble())
        .bind(Buffer.PARAMETERS, 0, parameters)
        .bind(Buffer.LABELS, 0, data.getLabels(0).dup('c').data().asDouble())
        .bind(Buffer.LOSSES, 0, losses)
        .run(forward);
    return Arrays.stream(losses).sum();
  }

  /** Those of the convolution, the layer, the dense layer and the output, each from its stream. */
  private static Map<Value, double[]> masks(Program forward, long seed) {
    Map<Value, double[]> masks = new LinkedHashMap<>();
    Set<Integer> streams = new TreeSet<>();
    for (Operation operation : forward.operations()) {
      if (operation.op() instanceof Op.DropoutMask mask) {
        double[] drawn = drawn(mask, operation.output(0).type(), seed);
        assertThat(Arrays.stream(drawn).distinct().toArray())
            .containsExactlyInAnyOrder(0, (float) (1 / mask.keep()));
        masks.put(operation.output(0), drawn);
        streams.add(mask.stream());
      }
    }
    assertThat(masks).hasSize(4);
    assertThat(streams).hasSize(4);
    return masks;
  }

  private static double[] drawn(Op.DropoutMask op, TensorType type, long seed) {
    ProgramBuilder builder = new ProgramBuilder();
    Value mask = builder.external("mask", type, External.of(Buffer.PREDICTIONS));
    builder.add(op, List.of(), List.of(mask));
    float[] values = new float[Math.toIntExact(type.shape().elements())];
    Backend onednn = OneDnnBackend.withThreads(1);
    try (Executable executable = onednn.compile(builder.build(), new StoragePlan(Map.of(), 0));
        DeviceMemory arena = onednn.allocate(1);
        DeviceMemory scratch = onednn.allocate(Math.max(1, executable.scratchBytes()));
        DeviceMemory result = onednn.allocate((long) values.length * Float.BYTES)) {
      executable.place(arena, scratch);
      executable.run(new Bindings().bind(Buffer.PREDICTIONS, result.address()), seed);
      result.read(0, values);
    }
    return IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray();
  }

  @Test
  void nothingIsDroppedInPredictions() {
    GraphCase test = GraphCases.dropouts(51);
    ComputationGraph stock = test.graph().clone();
    CompiledGraph compiled = CompiledGraph.adopt(test.graph(), settings());
    MultiDataSet data = test.data(5, random);
    INDArray expected = stock.outputSingle(data.getFeatures());
    Closeness.assertClose(compiled.outputSingle(data.getFeatures()), expected, "output");
    assertThat(compiled.score(data)).isCloseTo(stock.score(data), within(Closeness.TOLERANCE));
    assertThat(backend.runs()).isPositive();
    compiled.freePlans();
  }

  /** With one example dW is dlogits times the input as it was let through, and db is dlogits. */
  @Test
  void dropoutKeepsTheShareItSaysAndScalesIt() {
    double keep = 0.75;
    GraphCase test = GraphCases.dropout(43, keep);
    CompiledGraph compiled = CompiledGraph.adopt(test.graph(), settings());
    MultiDataSet data = test.data(1, random);
    float[] images = data.getFeatures(0).data().asFloat();
    compiled.setInputs(data.getFeatures());
    compiled.setLabels(data.getLabels());
    compiled.computeGradientAndScore();
    assertThat(images).doesNotContain(0f);
    INDArray weights = compiled.gradient().getGradientFor("v1_W");
    double bias = compiled.gradient().getGradientFor("v1_b").getDouble(0);
    int kept = 0;
    for (int i = 0; i < images.length; i++) {
      double factor = weights.getDouble(i, 0) / bias / images[i];
      if (factor != 0) {
        kept++;
        assertThat(factor).isCloseTo(1 / keep, within(1e-3));
      }
    }
    assertThat((double) kept / images.length).isCloseTo(keep, within(0.05));
    compiled.freePlans();
  }

  @Test
  void masksFollowFromSeedAndIterationAlone() {
    INDArray first = afterTwoSteps(settings().withDropoutSeed(5), 1);
    Closeness.assertSameBits(afterTwoSteps(settings().withDropoutSeed(5), 2), first);
    assertThat(afterTwoSteps(settings().withDropoutSeed(6), 1)).isNotEqualTo(first);
  }

  private static INDArray afterTwoSteps(EngineSettings settings, long globalSeed) {
    GraphCase test = GraphCases.dropout(44, 0.5);
    CompiledGraph compiled = CompiledGraph.adopt(test.graph(), settings);
    Nd4j.getRandom().setSeed(globalSeed);
    long before = Nd4j.getRandom().nextLong();
    Nd4j.getRandom().setSeed(globalSeed);
    Random random = new Random(1);
    compiled.fit(test.data(3, random));
    compiled.fit(test.data(2, random));
    assertThat(Nd4j.getRandom().nextLong()).as("ND4J's generator").isEqualTo(before);
    compiled.freePlans();
    return compiled.params().dup();
  }

  private EngineSettings settings() {
    return EngineSettings.on(backend)
        .with(Precision.FLOAT32)
        .with(EngineSettings.Unsupported.REFUSED);
  }
}
