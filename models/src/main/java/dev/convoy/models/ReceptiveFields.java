package dev.convoy.models;

import dev.convoy.models.ReceptiveField.Reach;
import dev.convoy.models.layers.AdaptiveAveragePooling;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;

/** How much further a vertex sees than its input does. */
final class ReceptiveFields {
  private ReceptiveFields() {}

  /**
   * The field behind a vertex.
   *
   * @param field of its inputs, joined
   * @param input the shape of its first input
   */
  static ReceptiveField behind(GraphVertex vertex, ReceptiveField field, InputType input) {
    if (!(vertex instanceof LayerVertex layerVertex)
        || !(input instanceof InputType.InputTypeConvolutional image)) {
      return field;
    }
    Layer layer = layerVertex.getLayerConf().getLayer();
    if (layer instanceof ConvolutionLayer convolution) {
      return windows(
          field, convolution.getKernelSize(), convolution.getDilation(), convolution.getStride());
    }
    if (layer instanceof SubsamplingLayer pool) {
      return windows(field, pool.getKernelSize(), pool.getDilation(), pool.getStride());
    }
    if (layer instanceof AdaptiveAveragePooling pool) {
      return field.behind(
          Reach.adaptive(image.getHeight(), pool.getHeight()),
          Reach.adaptive(image.getWidth(), pool.getWidth()));
    }
    boolean dense = layer instanceof FeedForwardLayer && !(layer instanceof BatchNormalization);
    if (dense || layer instanceof GlobalPoolingLayer) {
      return field.behind(Reach.whole(image.getHeight()), Reach.whole(image.getWidth()));
    }
    return field;
  }

  private static ReceptiveField windows(
      ReceptiveField field, int[] kernel, int[] dilation, int[] stride) {
    return field.behind(
        Reach.of(kernel[0], dilation[0], stride[0]), Reach.of(kernel[1], dilation[1], stride[1]));
  }
}
