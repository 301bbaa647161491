package dev.convoy.models.engine.dl4j;

import dev.convoy.models.engine.ir.Op;
import dev.convoy.models.engine.ir.Shape;
import dev.convoy.models.engine.ir.Value;
import java.util.List;
import org.deeplearning4j.nn.conf.graph.MergeVertex;

/** Channels or features one after the other. */
final class MergeTranslator implements Translator<MergeVertex> {
  private static final int CHANNELS = 1;

  @Override
  public List<String> refusals(MergeVertex vertex) {
    return new Reasons()
        .refuse(
            vertex.getMergeAxis() != CHANNELS,
            "merging dimension " + vertex.getMergeAxis() + " is not supported, only channels")
        .list();
  }

  @Override
  public Value translate(MergeVertex vertex, VertexScope scope) {
    List<Value> inputs = scope.inputs();
    Shape first = inputs.get(0).shape();
    if (inputs.size() == 1) {
      return inputs.get(0);
    }
    int channels = 0;
    for (Value input : inputs) {
      channels += input.shape().channels();
      if (!input.shape().with(CHANNELS, 1).equals(first.with(CHANNELS, 1))) {
        throw new IllegalArgumentException(
            first + " and " + input.shape() + " differ in more than their channels");
      }
    }
    return scope.apply(
        new Op.Concat(CHANNELS), first.with(CHANNELS, channels), inputs.toArray(Value[]::new));
  }
}
