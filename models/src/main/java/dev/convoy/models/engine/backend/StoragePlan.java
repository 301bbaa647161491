package dev.convoy.models.engine.backend;

import dev.convoy.models.engine.ir.Value;
import java.util.Map;

/**
 * Where the values of a program lie.
 *
 * @param offsets in bytes from the arena's beginning, for every value that is not external
 * @param arenaBytes the arena's size
 */
public record StoragePlan(Map<Value, Long> offsets, long arenaBytes) {
  public StoragePlan {
    offsets = Map.copyOf(offsets);
  }
}
