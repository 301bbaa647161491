package dev.convoy.models.engine.dl4j;

import dev.convoy.models.engine.ir.Op;
import dev.convoy.models.engine.ir.Value;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.deeplearning4j.nn.conf.graph.SubsetVertex;

/** Some neighbouring channels or features. */
final class SubsetTranslator implements Translator<SubsetVertex> {
  @Override
  public List<String> refusals(SubsetVertex vertex) {
    return List.of();
  }

  @Override
  public Value translate(SubsetVertex vertex, VertexScope scope) {
    Value input = scope.input();
    if (vertex.getFrom() < 0
        || vertex.getTo() < vertex.getFrom()
        || vertex.getTo() >= input.shape().channels()) {
      throw new IllegalArgumentException(
          String.format(
              "its input %s has no channels %d to %d",
              input.shape(), vertex.getFrom(), vertex.getTo()));
    }
    List<Integer> from = new ArrayList<>(Collections.nCopies(input.shape().rank(), 0));
    from.set(1, vertex.getFrom());
    int channels = vertex.getTo() - vertex.getFrom() + 1;
    return scope.apply(new Op.Slice(from), input.shape().with(1, channels), input);
  }
}
