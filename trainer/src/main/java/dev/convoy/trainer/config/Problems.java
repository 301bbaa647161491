package dev.convoy.trainer.config;

import java.util.ArrayList;
import java.util.List;

/** Gathers everything that is wrong with one record before it is refused. */
final class Problems {
  private final List<Problem> found = new ArrayList<>();

  /** Notes that {@code key} is out of range unless {@code holds}. */
  Problems require(boolean holds, String key, Object given, String right) {
    if (!holds) {
      found.add(Problem.of(key, "is out of range", Keys.shown(given), right));
    }
    return this;
  }

  /** As {@link #require}, for a judgement that rests on the keys {@code uses} together. */
  Problems requireTogether(
      boolean holds, String key, Object given, String right, List<String> uses) {
    if (!holds) {
      found.add(new Problem(key, "does not fit the other keys", Keys.shown(given), right, uses));
    }
    return this;
  }

  void throwIfAny() {
    if (!found.isEmpty()) {
      throw new ConfigurationException(found);
    }
  }
}
