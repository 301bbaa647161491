package dev.convoy.models.engine.dl4j;

import dev.convoy.models.engine.ir.Shape;
import dev.convoy.models.engine.ir.Value;
import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.conf.graph.ReshapeVertex;

/** Other shapes for the same numbers, example by example. */
final class ReshapeTranslator implements Translator<ReshapeVertex> {
  @Override
  public List<String> refusals(ReshapeVertex vertex) {
    int[] shape = vertex.getNewShape();
    return new Reasons()
        .refuse(vertex.getReshapeOrder() != 'c', "reshaping in Fortran order is not supported")
        .refuse(
            shape[0] != -1 || Arrays.stream(shape).skip(1).anyMatch(size -> size < 1),
            "only the batch may be left open in its shape " + Arrays.toString(shape))
        .refuse(
            shape.length != 2 && shape.length != 4,
            "its shape " + Arrays.toString(shape) + " is neither an image nor a row of features")
        .list();
  }

  @Override
  public Value translate(ReshapeVertex vertex, VertexScope scope) {
    int[] shape = vertex.getNewShape().clone();
    shape[0] = scope.batch();
    return scope.reshape(scope.input(), Shape.of(shape));
  }
}
