package dev.convoy.models.engine.dl4j;

import dev.convoy.models.engine.ir.Value;
import java.util.List;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;

/** Activations as layers of their own. */
final class ActivationTranslator implements Translator<ActivationLayer> {
  @Override
  public List<String> refusals(ActivationLayer layer) {
    return new Reasons().activation(layer.getActivationFn()).list();
  }

  @Override
  public Value translate(ActivationLayer layer, VertexScope scope) {
    return scope.activate(scope.input(), Activations.of(layer.getActivationFn()).orElseThrow());
  }
}
