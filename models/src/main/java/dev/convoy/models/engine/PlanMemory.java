package dev.convoy.models.engine;

import dev.convoy.models.engine.backend.Backend;
import dev.convoy.models.engine.backend.DeviceMemory;

/** The arena and the scratch memory that all plans of one network share. */
final class PlanMemory implements AutoCloseable {
  private final Backend backend;
  private DeviceMemory arena;
  private DeviceMemory scratch;

  PlanMemory(Backend backend) {
    this.backend = backend;
  }

  /** Whether it is large enough. */
  boolean holds(MemoryNeed need) {
    return arena != null
        && scratch != null
        && need.arenaBytes() <= arena.bytes()
        && need.scratchBytes() <= scratch.bytes();
  }

  /**
   * Makes it large enough. Every plan has to be placed again. If there is no such memory, what
   * there was is freed all the same.
   */
  void grow(MemoryNeed need) {
    long arenaBytes = Math.max(need.arenaBytes(), arena == null ? 1 : arena.bytes());
    long scratchBytes = Math.max(need.scratchBytes(), scratch == null ? 1 : scratch.bytes());
    // Nothing in them outlives a run, so the old ones go before the new ones come.
    close();
    arena = backend.allocate(arenaBytes);
    scratch = backend.allocate(scratchBytes);
  }

  void place(Plan plan) {
    plan.place(arena, scratch);
  }

  @Override
  public void close() {
    if (arena != null) {
      arena.close();
      arena = null;
    }
    if (scratch != null) {
      scratch.close();
      scratch = null;
    }
  }
}
