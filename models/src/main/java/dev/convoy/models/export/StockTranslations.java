package dev.convoy.models.export;

import dev.convoy.models.layers.AdaptiveAveragePooling;
import dev.convoy.models.layers.CeilModePooling;
import dev.convoy.models.layers.ExactLocalResponseNormalization;
import dev.convoy.models.layers.GroupedConvolution;
import dev.convoy.models.layers.SmoothedCrossEntropy;
import java.util.HashMap;
import java.util.Map;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LocalResponseNormalization;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;

/**
 * The table of what becomes of a layer that DL4J lacks: from its exact class to the stock layers
 * that compute the same. DL4J's own stay as they are.
 */
final class StockTranslations {
  private static final String STOCK = "org.deeplearning4j.nn.conf.";
  private static final double SOFTMAX_FLOOR = 1e-30;

  /** Writes one layer as stock layers. */
  @FunctionalInterface
  private interface Translation<L> {
    void write(L layer, StockScope scope);
  }

  private static final StockTranslations ALL =
      new StockTranslations()
          .put(GroupedConvolution.class, StockConvolutions::write)
          .put(CeilModePooling.class, StockPoolings::write)
          .put(AdaptiveAveragePooling.class, StockResampling::write)
          .put(ExactLocalResponseNormalization.class, StockTranslations::normalization);

  private final Map<Class<?>, Translation<?>> byClass = new HashMap<>();

  private StockTranslations() {}

  private <L extends Layer> StockTranslations put(Class<L> layer, Translation<L> translation) {
    byClass.put(layer, translation);
    return this;
  }

  /**
   * Writes a layer with DL4J's classes alone.
   *
   * @throws IllegalArgumentException saying why that is impossible
   */
  @SuppressWarnings("unchecked") // put pairs a class with a translation of that class.
  static void layer(LayerVertex vertex, StockScope scope) {
    Layer layer = vertex.getLayerConf().getLayer();
    InputPreProcessor preprocessor = vertex.getPreProcessor();
    var translation = (Translation<Layer>) ALL.byClass.get(layer.getClass());
    if (translation != null) {
      if (preprocessor != null) {
        throw new IllegalArgumentException("it has a preprocessor: " + preprocessor);
      }
      translation.write(layer, scope);
      return;
    }
    requireStock(layer);
    Layer copy = layer.clone();
    if (copy instanceof BaseOutputLayer output
        && output.getLossFn() instanceof SmoothedCrossEntropy loss) {
      output.setLossFn(stockLoss(loss, output.getNOut()));
    }
    if (preprocessor == null) {
      scope.layer(copy);
    } else {
      requireStock(preprocessor);
      scope.layer(copy, preprocessor.clone());
    }
  }

  /** As {@link #layer}, for vertices. */
  static void vertex(GraphVertex vertex, StockScope scope) {
    requireStock(vertex);
    scope.vertex(vertex.clone());
  }

  /** The forward pass is DL4J's own. */
  private static void normalization(ExactLocalResponseNormalization exact, StockScope scope) {
    scope.layer(
        new LocalResponseNormalization.Builder(
                exact.getK(), exact.getN(), exact.getAlpha(), exact.getBeta())
            .build());
  }

  private static void requireStock(Object configuration) {
    if (!configuration.getClass().getName().startsWith(STOCK)) {
      throw new IllegalArgumentException("no layers of DL4J's are known that compute the same");
    }
  }

  private static LossMCXENT stockLoss(SmoothedCrossEntropy loss, long classes) {
    if (loss.getSmoothing() != 0) {
      throw new IllegalArgumentException(
          "its loss smooths labels by " + loss.getSmoothing() + ", which DL4J's losses cannot");
    }
    return new LossMCXENT(
        SOFTMAX_FLOOR,
        loss.getWeight() == 1
            ? null
            : Nd4j.valueArrayOf(new long[] {1, classes}, loss.getWeight()));
  }
}
