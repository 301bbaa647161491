package dev.convoy.models;

import java.util.List;

/**
 * One vertex of a network.
 *
 * @param name the vertex's name
 * @param kind what it does, in words, with kernel and stride
 * @param outputShape for one example: channels, height, width, or features
 * @param parameters trainable parameters
 * @param multiplyAdds multiplications with a weight, for one example
 */
public record LayerSummary(
    String name, String kind, List<Long> outputShape, long parameters, long multiplyAdds) {

  public LayerSummary {
    outputShape = List.copyOf(outputShape);
  }
}
