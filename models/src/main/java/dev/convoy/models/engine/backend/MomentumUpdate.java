package dev.convoy.models.engine.backend;

import java.util.List;

/**
 * Classical momentum SGD with coupled weight decay over a flat vector:
 *
 * <pre>
 * g     = clip((gradient summed over the batch) / weight) + decay * w
 * delta = momentum * delta + g
 * w     = w - rate * delta
 * </pre>
 *
 * <p>in float32, each operation rounded by itself, never fused; only the norm that is clipped by is
 * in float64. A part with STATISTICS moves by its gradient, undivided, and its delta stays; a
 * FROZEN part is not touched. Neither counts for the norm.
 */
public record MomentumUpdate(float momentum, Clipping clipping, List<Part> parts) {
  public MomentumUpdate {
    parts = List.copyOf(parts);
  }

  /** Without clipping. */
  public MomentumUpdate(float momentum, List<Part> parts) {
    this(momentum, Clipping.NONE, parts);
  }

  /** The same where parts with a rule are left as they are. */
  public MomentumUpdate freezing(Rule rule) {
    return new MomentumUpdate(
        momentum,
        clipping,
        parts.stream()
            .map(p -> p.rule() == rule ? new Part(p.begin(), p.end(), Rule.FROZEN, 0) : p)
            .toList());
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
