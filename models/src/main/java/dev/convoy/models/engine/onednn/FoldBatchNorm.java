package dev.convoy.models.engine.onednn;

import dev.convoy.models.engine.ir.Op;
import dev.convoy.models.engine.ir.Shape;
import dev.convoy.models.engine.ir.TensorType;

/** {@link Op.FoldBatchNorm}, one output channel after the other. */
final class FoldBatchNorm implements HostKernel {
  private final double epsilon;
  private final boolean bias;
  private final int channels;
  private final int kernelSize;
  private final HostArrays arrays = new HostArrays();
  private final float[] kernel;
  private final float[] gamma;
  private final float[] beta;
  private final float[] mean;
  private final float[] variance;
  private final float[] biases;

  FoldBatchNorm(Op.FoldBatchNorm op, Shape kernel) {
    this.epsilon = op.epsilon();
    this.bias = op.bias() == Op.Bias.PRESENT;
    this.channels = kernel.get(0);
    this.kernelSize = Math.toIntExact(kernel.elements() / channels);
    this.kernel = new float[kernelSize];
    this.gamma = new float[channels];
    this.beta = new float[channels];
    this.mean = new float[channels];
    this.variance = new float[channels];
    this.biases = new float[channels];
  }

  static Lowered lower(Op.FoldBatchNorm op, Lowering lowering) {
    for (int i = 0; i < lowering.inputs(); i++) {
      PlainFloats.check(lowering, lowering.input(i));
    }
    TensorType folded = lowering.output(0);
    PlainFloats.check(lowering, folded, lowering.output(1));
    return Lowered.host(new FoldBatchNorm(op, folded.shape()), lowering.inputs(), 2);
  }

  @Override
  public void run(long[] addresses, long seed) {
    arrays.read(addresses[1], gamma, channels);
    arrays.read(addresses[2], beta, channels);
    arrays.read(addresses[3], mean, channels);
    arrays.read(addresses[4], variance, channels);
    if (bias) {
      arrays.read(addresses[5], biases, channels);
    }
    int outputs = bias ? 6 : 5;
    for (int c = 0; c < channels; c++) {
      double factor = gamma[c] / Math.sqrt(variance[c] + epsilon);
      long offset = (long) c * kernelSize * Float.BYTES;
      arrays.read(addresses[0] + offset, kernel, kernelSize);
      for (int i = 0; i < kernelSize; i++) {
        kernel[i] = (float) (kernel[i] * factor);
      }
      arrays.write(kernel, kernelSize, addresses[outputs] + offset);
      beta[c] = (float) (beta[c] + (biases[c] - mean[c]) * factor);
    }
    arrays.write(beta, channels, addresses[outputs + 1]);
  }
}
