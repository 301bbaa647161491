package dev.convoy.models.engine.backend;

import dev.convoy.models.engine.ir.External;
import dev.convoy.models.engine.ir.External.Buffer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The addresses, for one run, of the memory outside a plan. Not for several threads. */
public final class Bindings {
  private final Map<Buffer, List<Long>> addresses = new EnumMap<>(Buffer.class);

  /** The address of a buffer of which there is one. */
  public Bindings bind(Buffer buffer, long address) {
    return bind(buffer, 0, address);
  }

  /** The address of one of several buffers, those before it having been bound. */
  public Bindings bind(Buffer buffer, int index, long address) {
    List<Long> of = addresses.computeIfAbsent(buffer, b -> new ArrayList<>());
    if (index == of.size()) {
      of.add(address);
    } else {
      of.set(index, address);
    }
    return this;
  }

  /**
   * The address of an external value's buffer, without its offset.
   *
   * @throws IllegalStateException if it was not bound
   */
  public long address(External external) {
    List<Long> of = addresses.getOrDefault(external.buffer(), List.of());
    if (external.index() >= of.size()) {
      throw new IllegalStateException(external + " is not bound to memory");
    }
    return of.get(external.index());
  }
}
