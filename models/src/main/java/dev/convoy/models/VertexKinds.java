package dev.convoy.models;

import dev.convoy.models.layers.AdaptiveAveragePooling;
import dev.convoy.models.layers.CeilModePooling;
import dev.convoy.models.layers.GroupedConvolution;
import java.util.Locale;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LocalResponseNormalization;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;

/** What a configured vertex is called and what it costs. */
final class VertexKinds {
  private VertexKinds() {}

  static String kind(GraphVertex vertex) {
    if (vertex instanceof LayerVertex layer) {
      return kind(layer.getLayerConf().getLayer());
    }
    if (vertex instanceof ElementWiseVertex elementWise) {
      return elementWise.getOp().name().toLowerCase(Locale.ROOT);
    }
    return words(vertex.getClass().getSimpleName().replace("Vertex", ""));
  }

  private static String kind(Layer layer) {
    if (layer instanceof SubsamplingLayer pool) {
      return pool.getPoolingType().name().toLowerCase(Locale.ROOT)
          + " pool"
          + window(pool.getKernelSize(), pool.getStride())
          + (layer instanceof CeilModePooling ? ", ceil mode" : "");
    }
    if (layer instanceof AdaptiveAveragePooling pool) {
      return "adaptive avg pool to " + pool.getHeight() + "x" + pool.getWidth();
    }
    if (layer instanceof GroupedConvolution grouped) {
      return "convolution in "
          + grouped.getGroups()
          + " groups"
          + window(grouped.getKernelSize(), grouped.getStride());
    }
    if (layer instanceof ConvolutionLayer convolution) {
      return words(layer.getClass().getSimpleName().replace("Layer", ""))
          + window(convolution.getKernelSize(), convolution.getStride());
    }
    if (layer instanceof GlobalPoolingLayer pool) {
      return "global " + pool.getPoolingType().name().toLowerCase(Locale.ROOT) + " pool";
    }
    if (layer instanceof BatchNormalization) {
      return "batch norm";
    }
    if (layer instanceof LocalResponseNormalization) {
      return "local response norm";
    }
    if (layer instanceof LossLayer loss) {
      return loss.getActivationFn().toString();
    }
    if (layer instanceof OutputLayer output) {
      return "dense, " + output.getActivationFn();
    }
    if (layer instanceof ActivationLayer activation) {
      return activation.getActivationFn().toString();
    }
    return words(layer.getClass().getSimpleName().replace("Layer", ""));
  }

  /** A vertex's output; DL4J says that one which is nothing but a loss has no features. */
  static InputType output(GraphVertex vertex, InputType input, InputType stated) {
    boolean loss =
        vertex instanceof LayerVertex layer && layer.getLayerConf().getLayer() instanceof LossLayer;
    return loss ? input : stated;
  }

  /** Trainable parameters: a batch norm's running statistics do not count. */
  static long parameters(GraphVertex vertex) {
    if (vertex instanceof LayerVertex layer
        && layer.getLayerConf().getLayer() instanceof BatchNormalization norm) {
      return norm.isLockGammaBeta() ? 0 : 2 * norm.getNOut();
    }
    return vertex.numParams(true);
  }

  static long multiplyAdds(GraphVertex vertex, InputType output) {
    if (!(vertex instanceof LayerVertex layerVertex)) {
      return 0;
    }
    Layer layer = layerVertex.getLayerConf().getLayer();
    if (layer instanceof ConvolutionLayer convolution
        && output instanceof InputType.InputTypeConvolutional image) {
      int[] kernel = convolution.getKernelSize();
      long seen =
          layer instanceof GroupedConvolution grouped
              ? grouped.channelsPerGroup()
              : convolution.getNIn();
      return image.getHeight()
          * image.getWidth()
          * convolution.getNOut()
          * seen
          * kernel[0]
          * kernel[1];
    }
    if (layer instanceof FeedForwardLayer dense && !(layer instanceof BatchNormalization)) {
      return dense.getNIn() * dense.getNOut();
    }
    return 0;
  }

  private static String window(int[] kernel, int[] stride) {
    String size = " " + kernel[0] + "x" + kernel[1];
    return stride[0] == 1 && stride[1] == 1 ? size : size + " / " + stride[0];
  }

  /** "ZeroPadding" as "zero padding". */
  private static String words(String camelCase) {
    return camelCase.replaceAll("(?<=[a-z])(?=[A-Z])", " ").toLowerCase(Locale.ROOT);
  }
}
