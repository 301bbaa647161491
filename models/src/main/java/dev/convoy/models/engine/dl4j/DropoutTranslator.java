package dev.convoy.models.engine.dl4j;

import dev.convoy.models.engine.ir.Value;
import java.util.List;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;

/** Dropout as a layer of its own. */
final class DropoutTranslator implements Translator<DropoutLayer> {
  @Override
  public List<String> refusals(DropoutLayer layer) {
    return new Reasons().dropout(layer.getIDropout()).list();
  }

  @Override
  public Value translate(DropoutLayer layer, VertexScope scope) {
    return Dropouts.apply(layer.getIDropout(), scope.input(), scope);
  }
}
