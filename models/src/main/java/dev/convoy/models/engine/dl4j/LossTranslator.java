package dev.convoy.models.engine.dl4j;

import dev.convoy.models.engine.ir.Value;
import java.util.List;
import org.deeplearning4j.nn.conf.layers.LossLayer;

/** Outputs without parameters. */
final class LossTranslator implements Translator<LossLayer> {
  @Override
  public List<String> refusals(LossLayer layer) {
    return SoftmaxLoss.refuse(new Reasons(), layer.getActivationFn(), layer.getLossFn()).list();
  }

  @Override
  public Value translate(LossLayer layer, VertexScope scope) {
    return SoftmaxLoss.write(layer.getLossFn(), scope.input(), scope);
  }
}
