package dev.convoy.models.engine.dl4j;

import dev.convoy.models.engine.ir.Activation;
import dev.convoy.models.engine.ir.Op;
import dev.convoy.models.engine.ir.Value;
import java.util.List;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;

/** Sums of values of one shape. */
final class AddTranslator implements Translator<ElementWiseVertex> {
  @Override
  public List<String> refusals(ElementWiseVertex vertex) {
    return new Reasons()
        .refuse(
            vertex.getOp() != ElementWiseVertex.Op.Add,
            "the operation " + vertex.getOp() + " is not supported, only Add")
        .list();
  }

  @Override
  public Value translate(ElementWiseVertex vertex, VertexScope scope) {
    List<Value> inputs = scope.inputs();
    Value sum = inputs.get(0);
    for (Value next : inputs.subList(1, inputs.size())) {
      if (!next.shape().equals(sum.shape())) {
        throw new IllegalArgumentException(
            "adding " + sum.shape() + " and " + next.shape() + " would need broadcasting");
      }
      sum = scope.apply(new Op.Add(Activation.IDENTITY), sum.shape(), sum, next);
    }
    return sum;
  }
}
