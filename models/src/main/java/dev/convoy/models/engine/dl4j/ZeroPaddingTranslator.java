package dev.convoy.models.engine.dl4j;

import dev.convoy.models.engine.ir.Op;
import dev.convoy.models.engine.ir.Shape;
import dev.convoy.models.engine.ir.Value;
import java.util.List;
import org.deeplearning4j.nn.conf.layers.ZeroPaddingLayer;

/** Zeros around an image. */
final class ZeroPaddingTranslator implements Translator<ZeroPaddingLayer> {
  @Override
  public List<String> refusals(ZeroPaddingLayer layer) {
    return new Reasons().format(layer.getDataFormat()).list();
  }

  @Override
  public Value translate(ZeroPaddingLayer layer, VertexScope scope) {
    Value input = scope.input();
    // Top, bottom, left, right.
    int[] zeros = layer.getPadding();
    Shape in = input.shape();
    Shape out =
        Shape.of(
            in.batch(),
            in.channels(),
            in.height() + zeros[0] + zeros[1],
            in.width() + zeros[2] + zeros[3]);
    return scope.apply(new Op.Pad(List.of(0, 0, zeros[0], zeros[2])), out, input);
  }
}
