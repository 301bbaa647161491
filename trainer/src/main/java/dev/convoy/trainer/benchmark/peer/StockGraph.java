package dev.convoy.trainer.benchmark.peer;

import dev.convoy.models.ModelRegistry;
import dev.convoy.models.ModelSpec;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.learning.config.Nesterovs;

/** A registered network as a user of DL4J alone would train it: its layers, its momentum. */
final class StockGraph {

  private StockGraph() {}

  static ComputationGraph of(ModelSpec model, double learningRate, double momentum) {
    ComputationGraph drawn = ModelRegistry.standard().build(model, 1);
    ComputationGraphConfiguration configuration = drawn.getConfiguration().clone();
    for (GraphVertex vertex : configuration.getVertices().values()) {
      if (vertex instanceof LayerVertex layer
          && layer.getLayerConf().getLayer() instanceof BaseLayer trained) {
        trained.setIUpdater(new Nesterovs(learningRate, momentum));
      }
    }
    ComputationGraph graph = new ComputationGraph(configuration);
    graph.init(drawn.params(), false);
    return graph;
  }
}
