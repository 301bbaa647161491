package dev.convoy.models.engine.backend;

import java.util.List;

/**
 * Classical momentum SGD with coupled weight decay over a flat vector:
 *
 * <pre>
 * g     = (gradient summed over the batch) / batch + decay * w
 * delta = momentum * delta + g
 * w     = w - rate * delta
 * </pre>
 *
 * <p>in float32, each operation rounded by itself, never fused. A part with STATISTICS moves by its
 * gradient, undivided, and its delta stays; a FROZEN part is not touched.
 */
public record MomentumUpdate(float momentum, List<Part> parts) {
  public MomentumUpdate {
    parts = List.copyOf(parts);
  }

  /** How a part of the vector moves. */
  public enum Rule {
    DESCENT,
    STATISTICS,
    FROZEN
  }

  /** Elements {@code begin} to {@code end - 1}. */
  public record Part(long begin, long end, Rule rule, float decay) {
    public Part {
      if (begin < 0 || end < begin) {
        throw new IllegalArgumentException("a part cannot reach from " + begin + " to " + end);
      }
    }
  }
}
