package dev.convoy.models.engine.dl4j;

import dev.convoy.models.engine.ir.Op;
import dev.convoy.models.engine.ir.Value;
import java.util.List;
import org.deeplearning4j.nn.conf.layers.LocalResponseNormalization;

/**
 * Local response normalisation across channels (Krizhevsky et al. 2012, section 3.3). Like the
 * paper DL4J does not divide alpha by the size.
 */
final class LrnTranslator implements Translator<LocalResponseNormalization> {
  @Override
  public List<String> refusals(LocalResponseNormalization layer) {
    return new Reasons().format(layer.getDataFormat()).list();
  }

  @Override
  public Value translate(LocalResponseNormalization layer, VertexScope scope) {
    Value input = scope.input();
    // DL4J takes n / 2 channels on either side: an even n counts as the next odd one.
    int size = 2 * ((int) layer.getN() / 2) + 1;
    Op op = new Op.Lrn(size, layer.getAlpha(), layer.getBeta(), layer.getK());
    return scope.apply(op, input.shape(), input);
  }
}
