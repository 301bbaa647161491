package dev.convoy.models.engine.dl4j;

import dev.convoy.models.engine.ir.Activation;
import dev.convoy.models.engine.ir.ForwardPass;
import dev.convoy.models.engine.ir.Op;
import dev.convoy.models.engine.ir.Shape;
import dev.convoy.models.engine.ir.Value;
import java.util.List;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;

/**
 * Batch norms (Ioffe and Szegedy 2015, arXiv:1502.03167). DL4J ignores their activation, and so
 * does this.
 */
final class BatchNormTranslator implements Translator<BatchNormalization> {
  @Override
  public List<String> refusals(BatchNormalization layer) {
    return new Reasons()
        .format(layer.getCnn2DFormat())
        .refuse(layer.isUseLogStd(), "it keeps log10 of the deviation; set useLogStd(false)")
        .refuse(layer.isLockGammaBeta(), "it has no gamma and beta; set lockGammaBeta(false)")
        .list();
  }

  @Override
  public Value translate(BatchNormalization layer, VertexScope scope) {
    Value input = scope.input();
    Shape in = input.shape();
    int channels = in.channels();
    if (channels != layer.getNOut()) {
      throw new IllegalArgumentException(
          "it takes " + layer.getNOut() + " channels, its input is " + in);
    }
    // Rows of features are images of one pixel.
    Value x = scope.reshape(input, Shape.of(in.batch(), channels, in.height(), in.width()));
    Value gamma = scope.parameter("gamma", channels);
    Value beta = scope.parameter("beta", channels);
    Value mean = scope.statistic("mean", channels);
    Value variance = scope.statistic("var", channels);
    Value y;
    if (scope.batchStatistics()) {
      Value batchMean = scope.value("mean", channels);
      Value batchVariance = scope.value("variance", channels);
      y = scope.value("y", in.batch(), channels, in.height(), in.width());
      scope.add(
          new Op.BatchNorm(layer.getEps(), Activation.IDENTITY),
          List.of(x, gamma, beta),
          List.of(y, batchMean, batchVariance));
      Value meanTarget = scope.statisticGradient("mean", channels);
      Value varianceTarget = scope.statisticGradient("var", channels);
      if (scope.mode() == ForwardPass.Mode.STATISTICS) {
        scope.add(new Op.Reorder(), List.of(batchMean), List.of(meanTarget));
        scope.add(new Op.Reorder(), List.of(batchVariance), List.of(varianceTarget));
      } else {
        long values = in.elements() / channels;
        scope.add(
            new Op.RunningStatistics(layer.getDecay(), scope.estimate().factor(values)),
            List.of(batchMean, batchVariance, mean, variance),
            List.of(meanTarget, varianceTarget));
      }
    } else {
      Op op = new Op.FixedBatchNorm(layer.getEps(), Activation.IDENTITY);
      y = scope.apply(op, x.shape(), x, gamma, beta, mean, variance);
    }
    return scope.reshape(y, in);
  }
}
