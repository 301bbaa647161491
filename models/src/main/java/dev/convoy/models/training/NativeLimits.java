package dev.convoy.models.training;

import org.bytedeco.javacpp.Pointer;

/**
 * JavaCPP's limits on this process, above which its allocations fail. The engine's own memory comes
 * from the C library: it counts towards the process, not towards JavaCPP's allocations.
 *
 * @param allocatedBytes most bytes that JavaCPP and ND4J may have allocated ({@code
 *     org.bytedeco.javacpp.maxbytes}); 0 for no limit
 * @param processBytes most resident bytes of the whole process ({@code
 *     org.bytedeco.javacpp.maxphysicalbytes}); 0 for no limit
 */
public record NativeLimits(long allocatedBytes, long processBytes) {

  /** Those of this process. */
  public static NativeLimits ofThisProcess() {
    return new NativeLimits(
        Math.max(0, Pointer.maxBytes()), Math.max(0, Pointer.maxPhysicalBytes()));
  }
}
