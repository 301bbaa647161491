package dev.convoy.models.engine.dl4j;

import java.util.Objects;

/**
 * Why a vertex cannot be compiled.
 *
 * @param vertex its name; {@code (graph)} for the graph as a whole
 * @param kind the class of its configuration
 * @param reason what stands against it, and what would be right where that is known
 */
public record Refusal(String vertex, String kind, String reason) {
  static final String GRAPH = "(graph)";

  public Refusal {
    Objects.requireNonNull(vertex);
    Objects.requireNonNull(kind);
    Objects.requireNonNull(reason);
  }

  @Override
  public String toString() {
    return vertex + " (" + kind + "): " + reason;
  }
}
