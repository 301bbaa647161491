package dev.convoy.models.training;

import java.util.Collections;
import java.util.Map;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.normalization.BatchNormalizationHelper;
import org.deeplearning4j.nn.params.BatchNormalizationParamInitializer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Batch norm (Ioffe, Szegedy 2015, arXiv:1502.03167, algorithm 1 and section 3) over {@code
 * [examples, channels, height, width]}. Sums are in float64 in the order of the elements.
 *
 * <p>DL4J's own allocates two copies of every activation outside its workspaces in each pass and
 * leaves them to the garbage collector, so a process's memory grows by hundreds of megabytes.
 */
final class ChannelNorm implements BatchNormalizationHelper {
  private final ReplicaScratch scratch;
  private final INDArray batchMean;
  private final INDArray batchVariance;
  private final float[] mean;
  private final float[] variance;

  ChannelNorm(ReplicaScratch scratch, int channels) {
    this.scratch = scratch;
    this.batchMean = scratch.vector(channels);
    this.batchVariance = scratch.vector(channels);
    this.mean = new float[channels];
    this.variance = new float[channels];
  }

  @Override
  public INDArray preOutput(
      INDArray input,
      boolean training,
      long[] shape,
      INDArray gamma,
      INDArray beta,
      INDArray runningMean,
      INDArray runningVariance,
      double decay,
      double epsilon,
      CNN2DFormat format,
      LayerWorkspaceMgr workspaces) {
    Geometry geometry = Geometry.of(input);
    float[] x = scratch.image(geometry.length());
    NativeFloats.pointer(NativeFloats.contiguous(input, workspaces, ArrayType.FF_WORKING_MEM))
        .get(x, 0, geometry.length());
    if (training) {
      for (int c = 0; c < mean.length; c++) {
        measure(x, c, geometry);
      }
      NativeFloats.write(mean, batchMean);
      NativeFloats.write(variance, batchVariance);
    } else {
      NativeFloats.read(runningMean, mean);
      NativeFloats.read(runningVariance, variance);
    }
    float[] scale = floats(gamma);
    float[] shift = floats(beta);
    for (int c = 0; c < mean.length; c++) {
      float factor = (float) (scale[c] / Math.sqrt(variance[c] + epsilon));
      for (int n = 0; n < geometry.examples(); n++) {
        int begin = geometry.begin(n, c);
        for (int i = begin; i < begin + geometry.pixels(); i++) {
          x[i] = (x[i] - mean[c]) * factor + shift[c];
        }
      }
    }
    INDArray output =
        workspaces.createUninitialized(ArrayType.ACTIVATIONS, DataType.FLOAT, input.shape(), 'c');
    NativeFloats.pointer(output).put(x, 0, geometry.length());
    return output;
  }

  private void measure(float[] x, int c, Geometry geometry) {
    double sum = 0;
    for (int n = 0; n < geometry.examples(); n++) {
      int begin = geometry.begin(n, c);
      sum += Sums.of(x, begin, begin + geometry.pixels());
    }
    double center = sum / geometry.values();
    double squares = 0;
    for (int n = 0; n < geometry.examples(); n++) {
      int begin = geometry.begin(n, c);
      squares += Sums.ofSquares(x, begin, begin + geometry.pixels(), center);
    }
    mean[c] = (float) center;
    variance[c] = (float) (squares / geometry.values());
  }

  /**
   * With m values per channel, {@code h = (x - mean) / sqrt(var + eps)} and e the gradient of the
   * output: {@code dbeta = sum e}, {@code dgamma = sum e h}, and {@code dx = gamma / sqrt(var +
   * eps) * (e - dbeta / m - h dgamma / m)}.
   */
  @Override
  public Pair<Gradient, INDArray> backpropGradient(
      INDArray input,
      INDArray errors,
      long[] shape,
      INDArray gamma,
      INDArray beta,
      INDArray gammaGradient,
      INDArray betaGradient,
      double epsilon,
      CNN2DFormat format,
      LayerWorkspaceMgr workspaces) {
    Geometry geometry = Geometry.of(input);
    float[] x = scratch.image(geometry.length());
    float[] e = scratch.columns(geometry.length());
    NativeFloats.pointer(NativeFloats.contiguous(input, workspaces, ArrayType.BP_WORKING_MEM))
        .get(x, 0, geometry.length());
    NativeFloats.pointer(NativeFloats.contiguous(errors, workspaces, ArrayType.BP_WORKING_MEM))
        .get(e, 0, geometry.length());
    float[] scale = floats(gamma);
    float[] scaleGradient = new float[mean.length];
    float[] shiftGradient = new float[mean.length];
    for (int c = 0; c < mean.length; c++) {
      double inverse = 1 / Math.sqrt(variance[c] + epsilon);
      double sum = 0;
      double product = 0;
      for (int n = 0; n < geometry.examples(); n++) {
        int begin = geometry.begin(n, c);
        sum += Sums.of(e, begin, begin + geometry.pixels());
        product += Sums.ofProducts(e, x, begin, begin + geometry.pixels(), mean[c]);
      }
      product *= inverse;
      shiftGradient[c] = (float) sum;
      scaleGradient[c] = (float) product;
      float factor = (float) (scale[c] * inverse);
      float shiftShare = (float) (sum / geometry.values());
      float scaleShare = (float) (product * inverse / geometry.values());
      for (int n = 0; n < geometry.examples(); n++) {
        int begin = geometry.begin(n, c);
        for (int i = begin; i < begin + geometry.pixels(); i++) {
          e[i] = factor * (e[i] - shiftShare - (x[i] - mean[c]) * scaleShare);
        }
      }
    }
    NativeFloats.write(scaleGradient, gammaGradient);
    NativeFloats.write(shiftGradient, betaGradient);
    INDArray inputErrors =
        workspaces.createUninitialized(
            ArrayType.ACTIVATION_GRAD, DataType.FLOAT, input.shape(), 'c');
    NativeFloats.pointer(inputErrors).put(e, 0, geometry.length());
    Gradient gradient = new DefaultGradient();
    gradient.setGradientFor(BatchNormalizationParamInitializer.GAMMA, gammaGradient);
    gradient.setGradientFor(BatchNormalizationParamInitializer.BETA, betaGradient);
    return new Pair<>(gradient, inputErrors);
  }

  /** How the values of one channel lie: for each example, a run of pixels. */
  private record Geometry(int examples, int channels, int pixels) {
    static Geometry of(INDArray input) {
      return new Geometry(
          (int) input.size(0), (int) input.size(1), (int) (input.size(2) * input.size(3)));
    }

    int length() {
      return examples * channels * pixels;
    }

    long values() {
      return (long) examples * pixels;
    }

    int begin(int example, int channel) {
      return (example * channels + channel) * pixels;
    }
  }

  private static float[] floats(INDArray vector) {
    float[] values = new float[Math.toIntExact(vector.length())];
    NativeFloats.read(vector, values);
    return values;
  }

  @Override
  public INDArray getMeanCache(DataType dataType) {
    return batchMean;
  }

  @Override
  public INDArray getVarCache(DataType dataType) {
    return batchVariance;
  }

  @Override
  public boolean checkSupported(double epsilon, boolean fixedGammaBeta) {
    return true;
  }

  @Override
  public boolean checkSupported() {
    return true;
  }

  @Override
  public Map<String, Long> helperMemoryUse() {
    return Collections.emptyMap();
  }
}
