package dev.convoy.models.engine.ir;

import java.util.Objects;

/** What a value is: its elements, its logical shape and how it lies in memory. */
public record TensorType(ElementType element, Shape shape, Layout layout) {
  public TensorType {
    Objects.requireNonNull(element);
    Objects.requireNonNull(shape);
    Objects.requireNonNull(layout);
  }

  /** Row-major float32. */
  public static TensorType plain(Shape shape) {
    return new TensorType(ElementType.FLOAT32, shape, Layout.PLAIN);
  }

  public TensorType with(ElementType other) {
    return new TensorType(other, shape, layout);
  }

  public TensorType with(Shape other) {
    return new TensorType(element, other, layout);
  }

  public TensorType with(Layout other) {
    return new TensorType(element, shape, other);
  }

  @Override
  public String toString() {
    return element + " " + shape + " " + layout;
  }
}
