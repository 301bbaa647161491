package dev.convoy.models.engine.dl4j;

import dev.convoy.models.engine.ir.Value;
import java.util.List;
import org.deeplearning4j.nn.conf.graph.PreprocessorVertex;

/** Preprocessors as vertices of their own. */
final class PreprocessorTranslator implements Translator<PreprocessorVertex> {
  @Override
  public List<String> refusals(PreprocessorVertex vertex) {
    return Preprocessors.refusals(vertex.getPreProcessor());
  }

  @Override
  public Value translate(PreprocessorVertex vertex, VertexScope scope) {
    return Preprocessors.apply(vertex.getPreProcessor(), scope.input(), scope);
  }
}
