package dev.convoy.models.engine.dl4j;

import dev.convoy.models.engine.ir.Op;
import dev.convoy.models.engine.ir.Shape;
import dev.convoy.models.engine.ir.Value;
import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;

/** Pooling over the whole image. */
final class GlobalPoolingTranslator implements Translator<GlobalPoolingLayer> {
  private static final int[] IMAGE = {2, 3};

  @Override
  public List<String> refusals(GlobalPoolingLayer layer) {
    int[] dimensions = layer.getPoolingDimensions();
    return new Reasons()
        .refuse(
            layer.getPoolingType() != PoolingType.MAX && layer.getPoolingType() != PoolingType.AVG,
            "pooling of kind " + layer.getPoolingType() + " is not supported, only MAX and AVG")
        .refuse(
            dimensions != null && !Arrays.equals(dimensions, IMAGE),
            "it pools the dimensions "
                + Arrays.toString(dimensions)
                + "; only height and width of NCHW are compiled")
        .list();
  }

  @Override
  public Value translate(GlobalPoolingLayer layer, VertexScope scope) {
    Value input = scope.input();
    Shape in = input.shape();
    if (in.rank() != 4) {
      throw new IllegalArgumentException("its input " + in + " is not an image");
    }
    Op.PoolKind kind =
        layer.getPoolingType() == PoolingType.MAX ? Op.PoolKind.MAX : Op.PoolKind.AVERAGE;
    Value pooled = PoolingTranslator.pool(Windows.whole(in), kind, input, scope);
    return layer.isCollapseDimensions()
        ? scope.reshape(pooled, Shape.of(in.batch(), in.channels()))
        : pooled;
  }
}
