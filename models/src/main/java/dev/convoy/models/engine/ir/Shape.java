package dev.convoy.models.engine.ir;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The logical dimensions of a tensor, outermost first: {@code [batch, channels, height, width]} or
 * {@code [batch, features]} for activations.
 */
public record Shape(List<Integer> dimensions) {
  public Shape {
    dimensions = List.copyOf(dimensions);
    if (dimensions.stream().anyMatch(size -> size < 1)) {
      throw new IllegalArgumentException("a shape of " + dimensions + " has nothing in it");
    }
  }

  public static Shape of(int... dimensions) {
    return new Shape(IntStream.of(dimensions).boxed().toList());
  }

  public int rank() {
    return dimensions.size();
  }

  public int get(int dimension) {
    return dimensions.get(dimension);
  }

  /** Dimension 0. */
  public int batch() {
    return get(0);
  }

  /** Dimension 1: channels or features. */
  public int channels() {
    return get(1);
  }

  /** Dimension 2 of an image; 1 for a row of features. */
  public int height() {
    return rank() > 2 ? get(2) : 1;
  }

  /** Dimension 3 of an image; 1 for a row of features. */
  public int width() {
    return rank() > 3 ? get(3) : 1;
  }

  /** The product of the dimensions. */
  public long elements() {
    return dimensions.stream().mapToLong(Integer::longValue).reduce(1, Math::multiplyExact);
  }

  /** The same with another size in one dimension. */
  public Shape with(int dimension, int size) {
    return new Shape(
        IntStream.range(0, rank()).mapToObj(i -> i == dimension ? size : get(i)).toList());
  }

  @Override
  public String toString() {
    return dimensions.stream().map(String::valueOf).collect(Collectors.joining("x"));
  }
}
