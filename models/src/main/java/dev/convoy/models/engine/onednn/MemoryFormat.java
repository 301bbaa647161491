package dev.convoy.models.engine.onednn;

import java.util.Arrays;
import java.util.List;
import org.bytedeco.dnnl.dnnl_memory_desc;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.javacpp.SizeTPointer;

/**
 * A memory descriptor of the library as a value: what a packed layout's format is.
 *
 * @see dev.convoy.models.engine.ir.Layout.Packed
 */
final class MemoryFormat {
  private final byte[] blob;
  private final List<Integer> dimensions;

  private MemoryFormat(byte[] blob, List<Integer> dimensions) {
    this.blob = blob;
    this.dimensions = dimensions;
  }

  /**
   * A copy of what a descriptor says.
   *
   * @param dimensions those that the descriptor was made with; empty if only the library knows
   */
  static MemoryFormat of(dnnl_memory_desc descriptor, List<Integer> dimensions) {
    try (NativeScope scope = new NativeScope()) {
      SizeTPointer size = new SizeTPointer(new Address(scope.allocate(Long.BYTES).address()));
      String doing = "reading a memory descriptor";
      Status.check(dnnl.dnnl_memory_desc_get_blob((byte[]) null, size, descriptor), doing);
      byte[] blob = new byte[Math.toIntExact(size.get())];
      Status.check(dnnl.dnnl_memory_desc_get_blob(blob, size, descriptor), doing);
      return new MemoryFormat(blob, List.copyOf(dimensions));
    }
  }

  /** A descriptor for the library, freed with the scope. */
  dnnl_memory_desc descriptor(NativeScope scope) {
    return scope.make(
        new dnnl_memory_desc(),
        descriptor -> dnnl.dnnl_memory_desc_create_with_blob(descriptor, blob),
        dnnl::dnnl_memory_desc_destroy,
        "a memory descriptor from " + blob.length + " bytes");
  }

  /** The dimensions as the library sees them: a grouped kernel has five. */
  List<Integer> dimensions() {
    return dimensions;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof MemoryFormat format && Arrays.equals(blob, format.blob);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(blob);
  }
}
