package dev.convoy.models.training;

import dev.convoy.models.engine.backend.MomentumUpdate;
import dev.convoy.models.engine.backend.MomentumUpdate.Part;
import dev.convoy.models.engine.backend.MomentumUpdate.Rule;
import dev.convoy.models.state.ParameterKind;
import dev.convoy.models.state.ParameterLayout;
import dev.convoy.models.state.ParameterSlot;
import java.util.ArrayList;
import java.util.List;

/** How each part of a network's flat vector moves in a step of momentum SGD. */
final class UpdateRules {
  private UpdateRules() {}

  static MomentumUpdate of(ParameterLayout layout, OptimizerSettings settings) {
    List<Part> parts = new ArrayList<>();
    for (ParameterSlot slot : layout.slots()) {
      Part part = part(slot, settings);
      if (!parts.isEmpty() && movesAlike(parts.get(parts.size() - 1), part)) {
        Part last = parts.remove(parts.size() - 1);
        part = new Part(last.begin(), part.end(), part.rule(), part.decay());
      }
      parts.add(part);
    }
    return new MomentumUpdate((float) settings.momentum(), settings.clipping(), parts);
  }

  private static boolean movesAlike(Part one, Part next) {
    return one.rule() == next.rule() && one.decay() == next.decay();
  }

  private static Part part(ParameterSlot slot, OptimizerSettings settings) {
    ParameterKind kind = slot.kind();
    int end = slot.offset() + slot.length();
    if (!kind.trainable()) {
      return new Part(slot.offset(), end, Rule.STATISTICS, 0);
    }
    float decay = settings.withoutDecay().contains(kind) ? 0f : (float) settings.weightDecay();
    return new Part(slot.offset(), end, Rule.DESCENT, decay);
  }
}
