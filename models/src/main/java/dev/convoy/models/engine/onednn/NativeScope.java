package dev.convoy.models.engine.onednn;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.ToIntFunction;
import org.bytedeco.javacpp.Pointer;

/** Owns objects of the library and frees them when it is closed, the last first. */
final class NativeScope implements AutoCloseable {
  private final Deque<Runnable> frees = new ArrayDeque<>();

  /**
   * Makes an object and owns it.
   *
   * @param empty a null pointer that {@code create} fills
   * @param create the library's function
   * @param destroy the library's function that frees it
   * @param doing for the error message
   */
  <T extends Pointer> T make(
      T empty, ToIntFunction<T> create, ToIntFunction<T> destroy, Object doing) {
    Status.check(create.applyAsInt(empty), doing);
    frees.push(() -> Status.check(destroy.applyAsInt(empty), "freeing " + doing));
    return empty;
  }

  /** Owns memory. */
  HostMemory allocate(long bytes) {
    HostMemory memory = new HostMemory(bytes);
    frees.push(memory::close);
    return memory;
  }

  @Override
  public void close() {
    while (!frees.isEmpty()) {
      frees.pop().run();
    }
  }
}
