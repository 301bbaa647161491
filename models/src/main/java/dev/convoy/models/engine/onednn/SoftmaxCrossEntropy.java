package dev.convoy.models.engine.onednn;

import dev.convoy.models.engine.ir.Op;
import dev.convoy.models.engine.ir.Shape;
import dev.convoy.models.engine.ir.TensorType;

/**
 * {@link Op.SoftmaxCrossEntropy} in float64 with {@link StrictMath}, so that the bits are those of
 * every machine; rounded once, when they are written.
 */
final class SoftmaxCrossEntropy implements HostKernel {
  private final Op.SoftmaxCrossEntropy op;
  private final int batch;
  private final int classes;
  private final HostArrays arrays = new HostArrays();
  private final FloatSink gradients;
  private final float[] logits;
  private final float[] labels;
  private final double[] shifted;
  private final float[] gradient;
  private final float[] losses;
  private final double[] classWeights;
  private final double[] targets;

  SoftmaxCrossEntropy(Op.SoftmaxCrossEntropy op, Shape shape, TensorType gradientType) {
    this.op = op;
    this.batch = shape.batch();
    this.classes = shape.channels();
    this.gradients = new FloatSink(gradientType.element(), classes, arrays);
    this.logits = new float[classes];
    this.labels = new float[classes];
    this.shifted = new double[classes];
    this.gradient = new float[classes];
    this.losses = new float[batch];
    this.targets = new double[classes];
    this.classWeights = new double[classes];
    for (int k = 0; k < classes; k++) {
      classWeights[k] = op.classWeights().isEmpty() ? 1 : op.classWeights().get(k);
    }
  }

  static Lowered lower(Op.SoftmaxCrossEntropy op, Lowering lowering) {
    PlainFloats.check(lowering, lowering.input(0), lowering.input(1), lowering.output(0));
    PlainFloats.checkPlain(lowering, lowering.output(1));
    int weights = op.classWeights().size();
    if (weights != 0 && weights != lowering.input(0).shape().channels()) {
      throw new UnsupportedOperationException(weights + " class weights do not fit " + lowering);
    }
    return Lowered.host(
        new SoftmaxCrossEntropy(op, lowering.input(0).shape(), lowering.output(1)), 2, 2);
  }

  @Override
  public void run(long[] addresses, long seed) {
    for (int row = 0; row < batch; row++) {
      long begin = (long) row * classes;
      arrays.read(addresses[0] + begin * Float.BYTES, logits, classes);
      arrays.read(addresses[1] + begin * Float.BYTES, labels, classes);
      losses[row] = (float) example();
      gradients.write(gradient, classes, addresses[3], begin);
    }
    arrays.write(losses, batch, addresses[2]);
  }

  /** Fills the gradient of one example and returns its loss. */
  private double example() {
    double largest = Double.NEGATIVE_INFINITY;
    for (int k = 0; k < classes; k++) {
      largest = Math.max(largest, logits[k]);
    }
    double sum = 0;
    for (int k = 0; k < classes; k++) {
      shifted[k] = logits[k] - largest;
      sum += StrictMath.exp(shifted[k]);
    }
    double logSum = StrictMath.log(sum);
    double loss = 0;
    double sumOfTargets = 0;
    for (int k = 0; k < classes; k++) {
      double smoothed = (1 - op.smoothing()) * labels[k] + op.smoothing() / classes;
      targets[k] = classWeights[k] * smoothed;
      if (targets[k] != 0) {
        loss -= targets[k] * (shifted[k] - logSum);
      }
      sumOfTargets += targets[k];
    }
    double mass = op.mass() == Op.Mass.ONE ? 1 : sumOfTargets;
    for (int k = 0; k < classes; k++) {
      double probability = StrictMath.exp(shifted[k]) / sum;
      gradient[k] = (float) (op.weight() * (mass * probability - targets[k]));
    }
    return op.weight() * loss;
  }
}
