package dev.convoy.models.engine.onednn;

import dev.convoy.models.engine.backend.OperandTypes;
import dev.convoy.models.engine.ir.Op;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Remembers the last answers: passes ask about the same operation several times. */
final class ResolutionCache {
  private static final int CAPACITY = 4096;

  private record Question(Op op, OperandTypes types) {}

  private final Resolution resolution;
  private final Map<Question, Optional<OperandTypes>> answers =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Question, Optional<OperandTypes>> eldest) {
          return size() > CAPACITY;
        }
      };

  ResolutionCache(Resolution resolution) {
    this.resolution = resolution;
  }

  synchronized boolean supports(Op op, OperandTypes types) {
    Question question = new Question(op, types);
    Optional<OperandTypes> known = answers.get(question);
    if (known == null) {
      try {
        known = Optional.of(resolution.resolve(op, types));
      } catch (UnsupportedOperationException e) {
        known = Optional.empty();
      }
      answers.put(question, known);
    }
    return known.isPresent();
  }

  /** Asks again where the answer was no, for the reason. */
  synchronized OperandTypes resolve(Op op, OperandTypes types) {
    Optional<OperandTypes> known = answers.getOrDefault(new Question(op, types), Optional.empty());
    if (known.isPresent()) {
      return known.get();
    }
    OperandTypes resolved = resolution.resolve(op, types);
    answers.put(new Question(op, types), Optional.of(resolved));
    return resolved;
  }
}
