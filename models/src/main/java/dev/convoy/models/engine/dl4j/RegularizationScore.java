package dev.convoy.models.engine.dl4j;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.bytedeco.javacpp.FloatPointer;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.layers.FrozenLayer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.regularization.L2Regularization;
import org.nd4j.linalg.learning.regularization.Regularization;
import org.nd4j.linalg.learning.regularization.WeightDecay;
import org.nd4j.linalg.schedule.FixedSchedule;
import org.nd4j.linalg.schedule.ISchedule;

/**
 * The score's regularisation terms, {@code coefficient / 2 * sum w^2}. DL4J computes them parameter
 * by parameter, which takes longer than a small network's whole step.
 */
final class RegularizationScore {
  private static final int BLOCK = 4096;

  /** Elements {@code begin} to {@code begin + length - 1} of the flat vector. */
  private record Term(long begin, long length, double coefficient) {}

  private final ComputationGraph graph;
  private final List<Term> terms = new ArrayList<>();
  private final float[] block = new float[BLOCK];
  private boolean squares = true;

  RegularizationScore(ComputationGraph graph) {
    this.graph = graph;
    long base = graph.params().offset();
    for (Layer layer : graph.getLayers()) {
      if (!(layer instanceof FrozenLayer) && layer.numParams() > 0) {
        layer.paramTable().forEach((key, values) -> read(layer, key, values, base));
      }
    }
  }

  private void read(Layer layer, String key, INDArray values, long base) {
    List<Regularization> regularizations = layer.conf().getLayer().getRegularizationByParam(key);
    for (Regularization regularization :
        regularizations == null ? List.<Regularization>of() : regularizations) {
      OptionalDouble coefficient = coefficient(regularization);
      if (coefficient.isEmpty()) {
        squares = false;
      } else if (coefficient.getAsDouble() != 0) {
        terms.add(new Term(values.offset() - base, values.length(), coefficient.getAsDouble()));
      }
    }
  }

  private static OptionalDouble coefficient(Regularization regularization) {
    ISchedule schedule;
    if (regularization instanceof L2Regularization l2) {
      schedule = l2.getL2();
    } else if (regularization instanceof WeightDecay decay) {
      schedule = decay.getCoeff();
    } else {
      return OptionalDouble.empty();
    }
    return schedule instanceof FixedSchedule
        ? OptionalDouble.of(schedule.valueAt(0, 0))
        : OptionalDouble.empty();
  }

  /** All terms at the present parameters. */
  double value() {
    if (!squares) {
      return graph.calcRegularizationScore(true);
    }
    double sum = 0;
    FloatPointer parameters = FlatMemory.floats(graph.params());
    for (Term term : terms) {
      sum += term.coefficient() / 2 * squares(parameters, term);
    }
    return sum;
  }

  private double squares(FloatPointer parameters, Term term) {
    double sum = 0;
    for (long at = 0; at < term.length(); at += BLOCK) {
      int length = (int) Math.min(BLOCK, term.length() - at);
      parameters.position(term.begin() + at).get(block, 0, length);
      sum += squares(length);
    }
    return sum;
  }

  /** Four sums at a time: the processor adds them side by side. */
  private double squares(int length) {
    double a = 0;
    double b = 0;
    double c = 0;
    double d = 0;
    int i = 0;
    for (; i + 3 < length; i += 4) {
      a += (double) block[i] * block[i];
      b += (double) block[i + 1] * block[i + 1];
      c += (double) block[i + 2] * block[i + 2];
      d += (double) block[i + 3] * block[i + 3];
    }
    for (; i < length; i++) {
      a += (double) block[i] * block[i];
    }
    return a + b + c + d;
  }
}
