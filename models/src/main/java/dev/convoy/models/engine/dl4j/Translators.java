package dev.convoy.models.engine.dl4j;

import dev.convoy.models.layers.AdaptiveAveragePooling;
import dev.convoy.models.layers.CeilModePooling;
import dev.convoy.models.layers.ExactLocalResponseNormalization;
import dev.convoy.models.layers.GroupedConvolution;
import dev.convoy.models.layers.InputNormalization;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.PreprocessorVertex;
import org.deeplearning4j.nn.conf.graph.ReshapeVertex;
import org.deeplearning4j.nn.conf.graph.SubsetVertex;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.Convolution2D;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.LocalResponseNormalization;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.Pooling2D;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.ZeroPaddingLayer;
import org.deeplearning4j.nn.conf.layers.wrapper.BaseWrapperLayer;

/** The table of what is supported: from a configuration's exact class to its translator. */
final class Translators {
  private static final Translators ALL =
      new Translators()
          .put(ConvolutionLayer.class, new ConvolutionTranslator())
          .put(Convolution2D.class, new ConvolutionTranslator())
          .put(BatchNormalization.class, new BatchNormTranslator())
          .put(ActivationLayer.class, new ActivationTranslator())
          .put(SubsamplingLayer.class, new PoolingTranslator())
          .put(Pooling2D.class, new PoolingTranslator())
          .put(GlobalPoolingLayer.class, new GlobalPoolingTranslator())
          .put(LocalResponseNormalization.class, new LrnTranslator())
          .put(ExactLocalResponseNormalization.class, new LrnTranslator())
          .put(DropoutLayer.class, new DropoutTranslator())
          .put(DenseLayer.class, new DenseTranslator())
          .put(OutputLayer.class, new OutputTranslator())
          .put(LossLayer.class, new LossTranslator())
          .put(ZeroPaddingLayer.class, new ZeroPaddingTranslator())
          .put(GroupedConvolution.class, new GroupedConvolutionTranslator())
          .put(CeilModePooling.class, new CeilModePoolingTranslator())
          .put(AdaptiveAveragePooling.class, new AdaptivePoolingTranslator())
          .put(InputNormalization.class, new NormalizationTranslator())
          .put(ElementWiseVertex.class, new AddTranslator())
          .put(MergeVertex.class, new MergeTranslator())
          .put(SubsetVertex.class, new SubsetTranslator())
          .put(ReshapeVertex.class, new ReshapeTranslator())
          .put(PreprocessorVertex.class, new PreprocessorTranslator());

  private final Map<Class<?>, Translator<?>> byClass = new HashMap<>();

  private Translators() {}

  private <C> Translators put(Class<? extends C> configuration, Translator<C> translator) {
    byClass.put(configuration, translator);
    return this;
  }

  /** A node's translator, which takes its configuration. */
  @SuppressWarnings("unchecked") // put pairs a class with a translator of that class.
  static Optional<Translator<Object>> of(GraphNode node) {
    Class<?> kind = node.configuration().getClass();
    return Optional.ofNullable((Translator<Object>) ALL.byClass.get(kind));
  }

  /** What stands against a node, its inputs' shapes apart. */
  static List<String> refusals(GraphNode node) {
    if (node.configuration() instanceof BaseWrapperLayer) {
      return List.of("it wraps another layer; of what wraps layers only FrozenLayer is compiled");
    }
    Optional<Translator<Object>> translator = of(node);
    if (translator.isEmpty()) {
      return List.of("there is no translation of it");
    }
    List<String> reasons = new ArrayList<>(translator.get().refusals(node.configuration()));
    node.preprocessors()
        .forEach(preprocessor -> reasons.addAll(Preprocessors.refusals(preprocessor)));
    return reasons;
  }
}
