package dev.convoy.models.training;

import java.lang.reflect.Field;
import java.util.Arrays;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.layers.LayerHelper;
import org.deeplearning4j.nn.layers.convolution.ConvolutionLayer;
import org.deeplearning4j.nn.layers.normalization.BatchNormalization;

/**
 * Gives the layers of a float32 graph something faster to compute with: {@link GemmConvolution} to
 * plain two-dimensional convolutions, those with dilation or "same" padding excepted, and {@link
 * ChannelNorm} to batch norms.
 */
final class FastLayers {
  private FastLayers() {}

  static void install(ComputationGraph graph, ReplicaScratch scratch) {
    for (Layer layer : graph.getLayers()) {
      if (layer.getClass() == ConvolutionLayer.class) {
        var configuration =
            (org.deeplearning4j.nn.conf.layers.ConvolutionLayer) layer.conf().getLayer();
        if (supported(configuration)) {
          // Otherwise DL4J would swallow an error and go on with other arithmetic.
          configuration.setCudnnAllowFallback(false);
          setHelper(layer, new GemmConvolution(scratch, configuration.hasBias()));
        }
      } else if (layer.getClass() == BatchNormalization.class) {
        var configuration =
            (org.deeplearning4j.nn.conf.layers.BatchNormalization) layer.conf().getLayer();
        if (configuration.getCnn2DFormat() == CNN2DFormat.NCHW) {
          configuration.setCudnnAllowFallback(false);
          int channels = Math.toIntExact(configuration.getNOut());
          setHelper(layer, new ChannelNorm(scratch, channels));
        }
      }
    }
  }

  private static boolean supported(
      org.deeplearning4j.nn.conf.layers.ConvolutionLayer configuration) {
    return configuration.getConvolutionMode() != ConvolutionMode.Same
        && configuration.getConvolutionMode() != ConvolutionMode.Causal
        && configuration.getCnn2dDataFormat() == CNN2DFormat.NCHW
        && Arrays.stream(configuration.getDilation()).allMatch(dilation -> dilation == 1);
  }

  /** DL4J has the extension point but fills it by class names of its own only. */
  private static void setHelper(Layer layer, LayerHelper helper) {
    try {
      Field field = layer.getClass().getDeclaredField("helper");
      field.setAccessible(true);
      field.set(layer, helper);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(
          "this DL4J's " + layer.getClass().getSimpleName() + " has no field helper", e);
    }
  }
}
