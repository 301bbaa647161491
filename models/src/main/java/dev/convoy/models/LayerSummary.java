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
 * @param receptiveField what an element of its output sees
 */
public record LayerSummary(
    String name,
    String kind,
    List<Long> outputShape,
    long parameters,
    long multiplyAdds,
    ReceptiveField receptiveField) {

  public LayerSummary {
    outputShape = List.copyOf(outputShape);
  }

  /** Bytes of its output for one example, in float32. */
  public long outputBytes() {
    return Float.BYTES * outputShape.stream().reduce(1L, Math::multiplyExact);
  }
}
