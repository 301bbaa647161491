package dev.convoy.models.training;

import dev.convoy.models.state.ParameterKind;
import dev.convoy.models.state.ParameterLayout;
import dev.convoy.models.state.ParameterSlot;
import java.util.ArrayList;
import java.util.List;

/**
 * Classical momentum SGD with coupled weight decay:
 *
 * <pre>
 * g     = (gradient summed over the batch) / batch + wd * w     (wd 0 where the kind does not decay)
 * delta = beta * delta + g
 * w     = w - lr * delta
 * </pre>
 *
 * <p>All of it in float32, each operation rounded by itself, never fused, so that every machine
 * computes the same bits; beta, wd and lr are rounded to float32 once. Running statistics move by
 * what DL4J calls their gradient, {@code (1 - decay)(running - batch)}, undivided, and their
 * momentum stays 0. This is neither DL4J's {@code Nesterovs}, nor does lr enter delta: a change of
 * the learning rate acts on the next step at once.
 */
final class MomentumSgd {
  /** Neighbouring slots that are updated alike. */
  private record Range(int begin, int end, boolean trainable, float decay) {
    boolean updatedLike(Range other) {
      return trainable == other.trainable && decay == other.decay;
    }
  }

  private final float beta;
  private final List<Range> ranges;

  MomentumSgd(ParameterLayout layout, OptimizerSettings settings) {
    this.beta = (float) settings.momentum();
    this.ranges = ranges(layout, settings);
  }

  /**
   * One update in place.
   *
   * @param gradient DL4J's flattened gradient: sums over the batch
   * @param batch examples in the batch
   */
  void step(float[] parameters, float[] momentum, float[] gradient, int batch, double rate) {
    for (Range range : ranges) {
      if (range.trainable()) {
        descend(parameters, momentum, gradient, batch, (float) rate, range);
      } else {
        for (int i = range.begin(); i < range.end(); i++) {
          parameters[i] -= gradient[i];
        }
      }
    }
  }

  private void descend(
      float[] parameters,
      float[] momentum,
      float[] gradient,
      float batch,
      float rate,
      Range range) {
    float decay = range.decay();
    for (int i = range.begin(); i < range.end(); i++) {
      float g = gradient[i] / batch + decay * parameters[i];
      float delta = beta * momentum[i] + g;
      momentum[i] = delta;
      parameters[i] -= rate * delta;
    }
  }

  private static List<Range> ranges(ParameterLayout layout, OptimizerSettings settings) {
    List<Range> ranges = new ArrayList<>();
    for (ParameterSlot slot : layout.slots()) {
      ParameterKind kind = slot.kind();
      float decay = settings.withoutDecay().contains(kind) ? 0f : (float) settings.weightDecay();
      Range range =
          new Range(slot.offset(), slot.offset() + slot.length(), kind.trainable(), decay);
      if (!ranges.isEmpty() && ranges.get(ranges.size() - 1).updatedLike(range)) {
        Range last = ranges.remove(ranges.size() - 1);
        range = new Range(last.begin(), range.end(), range.trainable(), range.decay());
      }
      ranges.add(range);
    }
    return List.copyOf(ranges);
  }
}
