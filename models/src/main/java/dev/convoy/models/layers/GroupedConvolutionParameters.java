package dev.convoy.models.layers;

import java.util.LinkedHashMap;
import java.util.Map;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.params.ConvolutionParamInitializer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** As a plain convolution's parameters, bias first, but each kernel has in / groups channels. */
final class GroupedConvolutionParameters extends ConvolutionParamInitializer {
  static final GroupedConvolutionParameters INSTANCE = new GroupedConvolutionParameters();

  @Override
  public long numParams(Layer layer) {
    GroupedConvolution convolution = (GroupedConvolution) layer;
    return biases(convolution) + elements(shape(convolution));
  }

  @Override
  public Map<String, INDArray> getGradientsFromFlattened(
      NeuralNetConfiguration conf, INDArray gradient) {
    GroupedConvolution convolution = (GroupedConvolution) conf.getLayer();
    INDArray flat = gradient.reshape(gradient.length());
    long biases = biases(convolution);
    Map<String, INDArray> views = new LinkedHashMap<>();
    if (convolution.hasBias()) {
      views.put(BIAS_KEY, flat.get(NDArrayIndex.interval(0, biases)));
    }
    INDArray weights = flat.get(NDArrayIndex.interval(biases, flat.length()));
    views.put(WEIGHT_KEY, weights.reshape('c', true, shape(convolution)));
    return views;
  }

  @Override
  protected INDArray createWeightMatrix(
      NeuralNetConfiguration conf, INDArray view, boolean initialize) {
    GroupedConvolution convolution = (GroupedConvolution) conf.getLayer();
    long[] shape = shape(convolution);
    if (!initialize) {
      return view.reshape('c', true, shape);
    }
    int[] stride = convolution.getStride();
    double area = (double) shape[2] * shape[3];
    double fanIn = shape[1] * area;
    double fanOut =
        (double) shape[0] / convolution.getGroups() * area / ((double) stride[0] * stride[1]);
    return convolution.getWeightInitFn().init(fanIn, fanOut, shape, 'c', view);
  }

  private static long[] shape(GroupedConvolution convolution) {
    int[] kernel = convolution.getKernelSize();
    return new long[] {convolution.getNOut(), convolution.channelsPerGroup(), kernel[0], kernel[1]};
  }

  private static long biases(GroupedConvolution convolution) {
    return convolution.hasBias() ? convolution.getNOut() : 0;
  }

  private static long elements(long[] shape) {
    long elements = 1;
    for (long size : shape) {
      elements *= size;
    }
    return elements;
  }
}
