package dev.convoy.models.engine.onednn;

import dev.convoy.models.engine.backend.Bindings;
import dev.convoy.models.engine.backend.DeviceMemory;
import dev.convoy.models.engine.backend.Executable;
import java.util.List;
import org.bytedeco.dnnl.dnnl_stream;
import org.bytedeco.dnnl.global.dnnl;

/** Prepared steps, run one after the other. Owns every object of the library that they use. */
final class OneDnnExecutable implements Executable {
  private final NativeScope scope;
  private final Places places;
  private final Step[][] operations;
  private final dnnl_stream stream;
  private final long scratchBytes;
  private final long arenaBytes;
  private final int threads;
  private boolean placed;
  private boolean closed;

  OneDnnExecutable(
      NativeScope scope,
      Places places,
      List<List<Step>> operations,
      dnnl_stream stream,
      long scratchBytes,
      long arenaBytes,
      int threads) {
    this.scope = scope;
    this.places = places;
    this.operations =
        operations.stream().map(steps -> steps.toArray(Step[]::new)).toArray(Step[][]::new);
    this.stream = stream;
    this.scratchBytes = scratchBytes;
    this.arenaBytes = arenaBytes;
    this.threads = threads;
  }

  @Override
  public long scratchBytes() {
    return scratchBytes;
  }

  @Override
  public void place(DeviceMemory arena, DeviceMemory scratch) {
    checkSize("arena", arena, arenaBytes);
    checkSize("scratch memory", scratch, scratchBytes);
    checkOpen();
    places.place(arena.address(), scratch.address());
    placed = true;
  }

  private static void checkSize(String what, DeviceMemory memory, long needed) {
    if (memory.bytes() < needed) {
      throw new IllegalArgumentException(
          "the %s has %d bytes; the program needs %d".formatted(what, memory.bytes(), needed));
    }
  }

  @Override
  public void run(Bindings bindings, long dropoutSeed) {
    checkReady();
    places.bind(bindings);
    int before = OpenMp.set(threads);
    try {
      for (Step[] steps : operations) {
        for (Step step : steps) {
          step.run(dropoutSeed);
        }
      }
      finish();
    } finally {
      OpenMp.set(before);
    }
  }

  @Override
  public long[] profile(Bindings bindings, long dropoutSeed) {
    checkReady();
    places.bind(bindings);
    long[] nanoseconds = new long[operations.length];
    int before = OpenMp.set(threads);
    try {
      for (int i = 0; i < operations.length; i++) {
        long begin = System.nanoTime();
        for (Step step : operations[i]) {
          step.run(dropoutSeed);
        }
        finish();
        nanoseconds[i] = System.nanoTime() - begin;
      }
    } finally {
      OpenMp.set(before);
    }
    return nanoseconds;
  }

  private void finish() {
    Status.check(dnnl.dnnl_stream_wait(stream), "waiting for the stream");
  }

  private void checkReady() {
    checkOpen();
    if (!placed) {
      throw new IllegalStateException("the program has no memory yet; call place() first");
    }
  }

  private void checkOpen() {
    if (closed) {
      throw new IllegalStateException("this executable was closed");
    }
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      scope.close();
    }
  }
}
