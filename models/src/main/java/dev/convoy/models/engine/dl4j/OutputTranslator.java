package dev.convoy.models.engine.dl4j;

import dev.convoy.models.engine.ir.Value;
import java.util.List;
import org.deeplearning4j.nn.conf.layers.OutputLayer;

/** Fully connected output layers. */
final class OutputTranslator implements Translator<OutputLayer> {
  @Override
  public List<String> refusals(OutputLayer layer) {
    Reasons reasons = new Reasons().dropout(layer.getIDropout()).weightNoise(layer);
    return SoftmaxLoss.refuse(reasons, layer.getActivationFn(), layer.getLossFn()).list();
  }

  @Override
  public Value translate(OutputLayer layer, VertexScope scope) {
    Value logits = DenseTranslator.affine(layer, layer.hasBias(), scope);
    return SoftmaxLoss.write(layer.getLossFn(), logits, scope);
  }
}
