package dev.convoy.models.engine.onednn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convoy.models.engine.ir.ElementType;
import dev.convoy.models.engine.ir.Op;
import dev.convoy.models.engine.ir.Shape;
import dev.convoy.models.engine.ir.TensorType;
import dev.convoy.models.engine.ir.Value;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SoftmaxCrossEntropyTest {
  private static final OneDnnBackend BACKEND = OneDnnBackend.withThreads(1);
  private static final int BATCH = 5;
  private static final int CLASSES = 7;
  private static final Shape SHAPE = Shape.of(BATCH, CLASSES);

  private final Random random = new Random(15);

  @ParameterizedTest
  @CsvSource({"false, ONE", "false, OF_TARGETS", "true, OF_TARGETS"})
  void isTheFormula(boolean weighted, Op.Mass taken) {
    List<Double> classWeights = weighted ? List.of(0.5, 2.0, 1.0, 7.0, 0.1, 1.5, 3.0) : List.of();
    double smoothing = 0.1;
    double weight = 0.3;
    float[] logits = Reference.random(SHAPE, random);
    float[] labels = new float[logits.length];
    double[] losses = new double[BATCH];
    double[] gradient = new double[logits.length];
    for (int row = 0; row < BATCH; row++) {
      int begin = row * CLASSES;
      // Labels that add up to 1, to 0 and to 1.5.
      labels[begin + random.nextInt(CLASSES)] += row % 3 == 1 ? 0 : 0.75f;
      labels[begin + random.nextInt(CLASSES)] += row % 3 == 1 ? 0 : row % 3 == 2 ? 0.75f : 0.25f;
      double sum = 0;
      for (int k = 0; k < CLASSES; k++) {
        sum += Math.exp(logits[begin + k]);
      }
      double mass = 0;
      for (int k = 0; k < CLASSES; k++) {
        mass += target(labels[begin + k], smoothing, k, classWeights);
      }
      for (int k = 0; k < CLASSES; k++) {
        double target = target(labels[begin + k], smoothing, k, classWeights);
        double p = Math.exp(logits[begin + k]) / sum;
        double m = taken == Op.Mass.ONE ? 1 : mass;
        losses[row] -= weight * target * Math.log(p);
        gradient[begin + k] = weight * (m * p - target);
      }
    }
    for (ElementType element : List.of(ElementType.FLOAT32, ElementType.BFLOAT16)) {
      double tolerance = element == ElementType.FLOAT32 ? 1e-6 : 4e-3;
      List<float[]> results =
          run(
              new Op.SoftmaxCrossEntropy(smoothing, weight, classWeights, taken),
              element,
              logits,
              labels);
      Close.check("losses", results.get(0), losses, 1e-6);
      Close.check("gradient", results.get(1), gradient, tolerance);
    }
  }

  private static double target(float label, double smoothing, int k, List<Double> classWeights) {
    double smoothed = (1 - smoothing) * label + smoothing / CLASSES;
    return classWeights.isEmpty() ? smoothed : classWeights.get(k) * smoothed;
  }

  @Test
  void weightsAreOneAClass() {
    float[] rows = new float[BATCH * CLASSES];
    Op op = new Op.SoftmaxCrossEntropy(0, 1, List.of(1.0, 2.0), Op.Mass.OF_TARGETS);
    assertThatThrownBy(() -> run(op, ElementType.FLOAT32, rows, rows))
        .hasMessageContaining("2 class weights");
  }

  @Test
  void doesNotOverflow() {
    float[] logits = new float[SHAPE.dimensions().stream().reduce(1, (a, b) -> a * b)];
    float[] labels = new float[logits.length];
    for (int row = 0; row < BATCH; row++) {
      logits[row * CLASSES] = 1e30f;
      logits[row * CLASSES + 1] = -1e30f;
      labels[row * CLASSES] = 1;
    }
    List<float[]> results =
        run(new Op.SoftmaxCrossEntropy(0, 1), ElementType.FLOAT32, logits, labels);
    assertThat(results.get(0)).containsOnly(0f);
    assertThat(results.get(1)).containsOnly(0f);
  }

  private static List<float[]> run(Op op, ElementType element, float[] logits, float[] labels) {
    try (TestProgram program = new TestProgram(BACKEND)) {
      List<Value> made =
          program.apply(
              op,
              List.of(program.input(SHAPE, logits), program.input(SHAPE, labels)),
              TensorType.plain(Shape.of(BATCH)),
              TensorType.plain(SHAPE).with(element));
      Value losses = program.result(made.get(0));
      Value gradient = program.result(made.get(1));
      program.run(0);
      return List.of(program.read(losses), program.read(gradient));
    }
  }
}
