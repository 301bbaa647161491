package dev.convoy.models.state;

import dev.convoy.models.InvalidModelException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Reads from a graph which part of its flat vector is which tensor. */
final class SlotReader {
  private final List<ParameterSlot> slots = new ArrayList<>();
  private final long base;
  private final long total;

  private SlotReader(INDArray flat) {
    this.base = flat.offset();
    this.total = flat.length();
  }

  /** The slots in the order of their offsets; they cover the vector without hole or overlap. */
  static List<ParameterSlot> slots(ComputationGraph graph) {
    SlotReader reader = new SlotReader(graph.params());
    for (Layer layer : graph.getLayers()) {
      reader.addLayer(layer);
    }
    reader.slots.sort(Comparator.comparingInt(ParameterSlot::offset));
    reader.checkCover();
    return reader.slots;
  }

  private void addLayer(Layer layer) {
    var configuration = layer.conf().getLayer();
    String vertex = configuration.getLayerName();
    for (Map.Entry<String, INDArray> parameter : layer.paramTable().entrySet()) {
      if (configuration instanceof BatchNormalization) {
        addNorm(vertex, parameter.getKey(), parameter.getValue());
      } else if (configuration instanceof ConvolutionLayer) {
        addWeighted(vertex, parameter.getKey(), parameter.getValue(), shape(parameter.getValue()));
      } else if (configuration instanceof FeedForwardLayer dense) {
        int[] shape = {Math.toIntExact(dense.getNOut()), Math.toIntExact(dense.getNIn())};
        addWeighted(vertex, parameter.getKey(), parameter.getValue(), shape);
      } else {
        throw unsupported(vertex, parameter.getKey());
      }
    }
  }

  private void addNorm(String vertex, String key, INDArray values) {
    switch (key) {
      case "gamma" -> add(vertex + ".weight", ParameterKind.NORM_SCALE, values, shape(values));
      case "beta" -> add(vertex + ".bias", ParameterKind.NORM_SHIFT, values, shape(values));
      case "mean" ->
          add(vertex + ".running_mean", ParameterKind.RUNNING_MEAN, values, shape(values));
      case "var" ->
          add(vertex + ".running_var", ParameterKind.RUNNING_VARIANCE, values, shape(values));
      default -> throw unsupported(vertex, key);
    }
  }

  private void addWeighted(String vertex, String key, INDArray values, int[] weightShape) {
    switch (key) {
      case "W" -> add(vertex + ".weight", ParameterKind.WEIGHT, values, weightShape);
      case "b" -> add(vertex + ".bias", ParameterKind.BIAS, values, shape(values));
      default -> throw unsupported(vertex, key);
    }
  }

  private void add(String name, ParameterKind kind, INDArray values, int[] shape) {
    int offset = Math.toIntExact(values.offset() - base);
    slots.add(new ParameterSlot(name, shape, kind, offset, Math.toIntExact(values.length())));
  }

  private static int[] shape(INDArray values) {
    long[] shape = values.shape();
    int[] ints = new int[shape.length];
    for (int i = 0; i < ints.length; i++) {
      ints[i] = Math.toIntExact(shape[i]);
    }
    return ints;
  }

  private void checkCover() {
    int expected = 0;
    for (ParameterSlot slot : slots) {
      if (slot.offset() != expected) {
        throw new IllegalStateException(
            slot.name() + " begins at " + slot.offset() + " instead of " + expected);
      }
      expected += slot.length();
    }
    if (expected != total) {
      throw new IllegalStateException(
          "the tensors have " + expected + " elements, the flat vector " + total);
    }
  }

  private static InvalidModelException unsupported(String vertex, String key) {
    return new InvalidModelException(
        "layer "
            + vertex
            + " has a parameter "
            + key
            + " that has no name in PyTorch; convolutions, dense layers and batch norms with"
            + " useLogStd(false) are supported");
  }
}
