package dev.convoy.models.engine.dl4j;

import dev.convoy.models.engine.ir.Value;
import org.deeplearning4j.nn.conf.dropout.Dropout;
import org.deeplearning4j.nn.conf.dropout.IDropout;

/** Dropout on a layer's input. */
final class Dropouts {
  private Dropouts() {}

  static Value apply(IDropout dropout, Value input, VertexScope scope) {
    return dropout == null ? input : scope.drop(input, ((Dropout) dropout).getP());
  }
}
