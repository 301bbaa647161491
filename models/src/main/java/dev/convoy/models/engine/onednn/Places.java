package dev.convoy.models.engine.onednn;

import dev.convoy.models.engine.backend.Bindings;
import dev.convoy.models.engine.ir.External;
import dev.convoy.models.engine.ir.External.Buffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;

/** Who has to be told where the memory of a program is, once it is known or has changed. */
final class Places {
  /** One that lies so many bytes behind the beginning. */
  private record Tenant(long offset, LongConsumer told) {}

  private record BufferKey(Buffer buffer, int index) {}

  /** A buffer outside the plan and who uses it. */
  private static final class Outside {
    private final External whole;
    private final List<Tenant> tenants = new ArrayList<>();
    private long address;

    Outside(BufferKey key) {
      this.whole = new External(key.buffer(), key.index(), 0);
    }
  }

  private final List<Tenant> arena = new ArrayList<>();
  private final List<Tenant> scratch = new ArrayList<>();
  private final Map<BufferKey, Outside> outside = new LinkedHashMap<>();

  void inArena(long offset, LongConsumer told) {
    arena.add(new Tenant(offset, told));
  }

  void inScratch(long offset, LongConsumer told) {
    scratch.add(new Tenant(offset, told));
  }

  /** In a buffer of the caller's, so many bytes from its beginning. */
  void outside(External external, long offset, LongConsumer told) {
    outside
        .computeIfAbsent(new BufferKey(external.buffer(), external.index()), Outside::new)
        .tenants
        .add(new Tenant(offset, told));
  }

  void place(long arenaAddress, long scratchAddress) {
    tell(arena, arenaAddress);
    tell(scratch, scratchAddress);
  }

  /** Tells those whose buffer is elsewhere than in the last run. */
  void bind(Bindings bindings) {
    for (Outside buffer : outside.values()) {
      long address = bindings.address(buffer.whole);
      if (address != buffer.address) {
        tell(buffer.tenants, address);
        buffer.address = address;
      }
    }
  }

  private static void tell(List<Tenant> tenants, long address) {
    for (Tenant tenant : tenants) {
      tenant.told().accept(address + tenant.offset());
    }
  }
}
