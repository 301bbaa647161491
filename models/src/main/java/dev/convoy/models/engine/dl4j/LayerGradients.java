package dev.convoy.models.engine.dl4j;

import java.util.Map;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.layers.FrozenLayer;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The flat gradient with DL4J's names for its parts, {@code vertex_parameter}. */
final class LayerGradients {
  private LayerGradients() {}

  /**
   * Views on the gradient; frozen layers have none.
   *
   * @param flat that very array, or the updater would take the gradient for somebody else's
   */
  static Gradient of(ComputationGraph graph, INDArray flat) {
    Gradient gradient = new DefaultGradient(flat);
    for (int index : graph.topologicalSortOrder()) {
      GraphVertex vertex = graph.getVertices()[index];
      if (!vertex.hasLayer() || vertex.getLayer() instanceof FrozenLayer) {
        continue;
      }
      Layer layer = vertex.getLayer();
      if (layer.numParams() > 0) {
        views(layer)
            .forEach(
                (key, view) -> gradient.setGradientFor(vertex.getVertexName() + "_" + key, view));
      }
    }
    return gradient;
  }

  private static Map<String, INDArray> views(Layer layer) {
    var configuration = layer.conf().getLayer();
    return configuration
        .initializer()
        .getGradientsFromFlattened(layer.conf(), layer.getGradientsViewArray());
  }
}
