package dev.convoy.models.engine.ir;

import java.util.Objects;

/**
 * A tensor in a program, written by at most one operation.
 *
 * @param id unique in its program
 * @param name for people: the vertex or parameter that it comes from
 */
public record Value(int id, String name, TensorType type) {
  public Value {
    Objects.requireNonNull(name);
    Objects.requireNonNull(type);
  }

  public Shape shape() {
    return type.shape();
  }

  @Override
  public String toString() {
    return "%" + id + " " + name + " (" + type + ")";
  }
}
