package dev.convoy.models.engine.dl4j;

import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.InputPreProcessor;

/**
 * A vertex of a graph, apart from DL4J's own objects for it.
 *
 * @param position in topological order, inputs counted
 * @param configuration a layer's or a vertex' configuration, out of whatever froze it
 * @param inputs the names of what it reads
 * @param preprocessors none or one, for its input
 * @param frozen whether it keeps its parameters and works as in inference
 * @param parameters for each the elements before it in the flat vector
 */
record GraphNode(
    String name,
    int position,
    Object configuration,
    List<String> inputs,
    List<InputPreProcessor> preprocessors,
    boolean frozen,
    Map<String, Long> parameters) {
  GraphNode {
    inputs = List.copyOf(inputs);
    preprocessors = List.copyOf(preprocessors);
    parameters = Map.copyOf(parameters);
  }

  String kind() {
    return configuration.getClass().getSimpleName();
  }

  Refusal refusal(String reason) {
    return new Refusal(name, kind(), reason);
  }
}
