package dev.convoy.models.engine.dl4j;

import dev.convoy.models.engine.ir.Op;
import dev.convoy.models.engine.ir.Value;
import dev.convoy.models.engine.ir.Window;
import java.util.List;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;

/** Maximum and average pooling. */
final class PoolingTranslator implements Translator<SubsamplingLayer> {
  @Override
  public List<String> refusals(SubsamplingLayer layer) {
    return new Reasons()
        .format(layer.getCnn2dDataFormat())
        .mode(layer.getConvolutionMode())
        .refuse(
            layer.getPoolingType() != PoolingType.MAX && layer.getPoolingType() != PoolingType.AVG,
            "pooling of kind " + layer.getPoolingType() + " is not supported, only MAX and AVG")
        .list();
  }

  @Override
  public Value translate(SubsamplingLayer layer, VertexScope scope) {
    Value input = scope.input();
    Window window =
        Windows.of(
            layer.getKernelSize(),
            layer.getStride(),
            layer.getPadding(),
            layer.getDilation(),
            layer.getConvolutionMode(),
            input.shape());
    return pool(window, kind(layer), input, scope);
  }

  static Op.PoolKind kind(SubsamplingLayer layer) {
    if (layer.getPoolingType() == PoolingType.MAX) {
      return Op.PoolKind.MAX;
    }
    return layer.isAvgPoolIncludePadInDivisor()
        ? Op.PoolKind.AVERAGE_WITH_PADDING
        : Op.PoolKind.AVERAGE;
  }

  static Value pool(Window window, Op.PoolKind kind, Value input, VertexScope scope) {
    return scope.apply(
        new Op.Pool(window, kind),
        Windows.output(window, input.shape(), input.shape().channels()),
        input);
  }
}
