package dev.convoy.models.engine.dl4j;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.graph.vertex.impl.LayerVertex;
import org.deeplearning4j.nn.layers.FrozenLayer;
import org.deeplearning4j.nn.layers.FrozenLayerWithBackprop;
import org.deeplearning4j.nn.layers.wrapper.BaseWrapperLayer;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Reads the vertices of an initialised graph. */
final class GraphReader {
  private final ComputationGraph graph;
  private final ComputationGraphConfiguration configuration;
  private final long base;

  private GraphReader(ComputationGraph graph) {
    this.graph = graph;
    this.configuration = graph.getConfiguration();
    this.base = graph.params().offset();
  }

  /** The vertices in topological order, without the graph's inputs. */
  static List<GraphNode> nodes(ComputationGraph graph) {
    GraphReader reader = new GraphReader(graph);
    List<GraphNode> nodes = new ArrayList<>();
    int[] order = graph.topologicalSortOrder();
    for (int position = 0; position < order.length; position++) {
      GraphVertex vertex = graph.getVertices()[order[position]];
      if (!vertex.isInputVertex()) {
        nodes.add(reader.node(vertex.getVertexName(), position));
      }
    }
    return nodes;
  }

  private GraphNode node(String name, int position) {
    // By name, because TransferLearning wraps what is in the array but not what the names lead to.
    GraphVertex vertex = graph.getVertex(name);
    List<String> inputs = configuration.getVertexInputs().get(name);
    if (vertex instanceof LayerVertex layerVertex) {
      Layer layer = layerVertex.getLayer();
      boolean frozen = layer instanceof FrozenLayer;
      Layer inside = frozen ? ((FrozenLayer) layer).getInsideLayer() : layer;
      InputPreProcessor preprocessor = layerVertex.getLayerPreProcessor();
      return new GraphNode(
          name,
          position,
          configuration(name, inside),
          inputs,
          preprocessor == null ? List.of() : List.of(preprocessor),
          frozen || layer instanceof FrozenLayerWithBackprop,
          offsets(inside));
    }
    var vertexConfiguration = configuration.getVertices().get(name);
    if (vertexConfiguration instanceof org.deeplearning4j.nn.conf.graph.FrozenVertex wrapped) {
      return new GraphNode(
          name, position, wrapped.getUnderlying(), inputs, List.of(), true, Map.of());
    }
    return new GraphNode(name, position, vertexConfiguration, inputs, List.of(), false, Map.of());
  }

  /** A wrapping layer gives out the wrapped one's configuration as its own. */
  private Object configuration(String name, Layer layer) {
    return layer instanceof BaseWrapperLayer
            && configuration.getVertices().get(name)
                instanceof org.deeplearning4j.nn.conf.graph.LayerVertex vertex
        ? vertex.getLayerConf().getLayer()
        : layer.conf().getLayer();
  }

  private Map<String, Long> offsets(Layer layer) {
    Map<String, Long> offsets = new LinkedHashMap<>();
    Map<String, INDArray> table = layer.paramTable();
    if (table != null) {
      table.forEach((key, values) -> offsets.put(key, values.offset() - base));
    }
    return offsets;
  }
}
