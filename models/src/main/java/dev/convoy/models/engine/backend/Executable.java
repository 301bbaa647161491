package dev.convoy.models.engine.backend;

/** A program ready to run. Used by one thread at a time. */
public interface Executable extends AutoCloseable {

  /** What its operations need beside the arena, one at a time. */
  long scratchBytes();

  /**
   * Gives it its memory, which may be larger than it needs and shared with other executables that
   * do not run at the same time.
   */
  void place(DeviceMemory arena, DeviceMemory scratch);

  /**
   * Runs the whole program.
   *
   * @param bindings the memory outside the plan
   * @param dropoutSeed what dropout masks of this run are drawn from
   */
  void run(Bindings bindings, long dropoutSeed);

  /** For each operation, in order, how long it took in one run, for a profile. */
  long[] profile(Bindings bindings, long dropoutSeed);

  @Override
  void close();
}
