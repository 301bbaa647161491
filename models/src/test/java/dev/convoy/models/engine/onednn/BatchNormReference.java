package dev.convoy.models.engine.onednn;

import dev.convoy.models.engine.ir.Shape;

/** Batch normalisation by its formulas, in float64. */
final class BatchNormReference {
  private final Shape shape;
  private final double epsilon;
  private final boolean relu;

  final double[] mean;
  final double[] variance;
  final double[] y;
  final double[] dx;
  final double[] dgamma;
  final double[] dbeta;

  BatchNormReference(Shape shape, double epsilon, boolean relu) {
    this.shape = shape;
    this.epsilon = epsilon;
    this.relu = relu;
    this.mean = new double[shape.channels()];
    this.variance = new double[shape.channels()];
    this.dgamma = new double[shape.channels()];
    this.dbeta = new double[shape.channels()];
    this.y = Reference.zeros(shape);
    this.dx = Reference.zeros(shape);
  }

  void run(float[] x, float[] gamma, float[] beta, float[] dy) {
    double count = (double) shape.elements() / shape.channels();
    for (int i = 0; i < x.length; i++) {
      mean[Reference.channel(shape, i)] += x[i] / count;
    }
    for (int i = 0; i < x.length; i++) {
      int c = Reference.channel(shape, i);
      variance[c] += (x[i] - mean[c]) * (x[i] - mean[c]) / count;
    }
    double[] gradient = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      int c = Reference.channel(shape, i);
      double normal = normal(x[i], c);
      y[i] = gamma[c] * normal + beta[c];
      gradient[i] = relu && y[i] <= 0 ? 0 : dy[i];
      y[i] = relu ? Math.max(y[i], 0) : y[i];
      dgamma[c] += gradient[i] * normal;
      dbeta[c] += gradient[i];
    }
    for (int i = 0; i < x.length; i++) {
      int c = Reference.channel(shape, i);
      dx[i] =
          gamma[c]
              / Math.sqrt(variance[c] + epsilon)
              * (gradient[i] - dbeta[c] / count - normal(x[i], c) * dgamma[c] / count);
    }
  }

  private double normal(double x, int c) {
    return (x - mean[c]) / Math.sqrt(variance[c] + epsilon);
  }
}
