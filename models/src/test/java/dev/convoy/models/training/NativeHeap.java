package dev.convoy.models.training;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.Structure;
import java.util.List;

/** What the C library has handed out in this process, the engine's memory among it. */
final class NativeHeap {

  private static final Glibc LIBRARY = Native.loadLibrary("c", Glibc.class);

  private NativeHeap() {}

  /** Bytes allocated and not freed. */
  static long bytes() {
    Mallinfo2 info = LIBRARY.mallinfo2();
    return info.uordblks + info.hblkhd;
  }

  /** The GNU C library from 2.33 on. */
  public interface Glibc extends Library {

    /** See malloc.h. */
    Mallinfo2.ByValue mallinfo2();
  }

  /** See malloc.h; only the sums of small and of large blocks in use are read. */
  public static class Mallinfo2 extends Structure {
    public long arena;
    public long ordblks;
    public long smblks;
    public long hblks;
    public long hblkhd;
    public long usmblks;
    public long fsmblks;
    public long uordblks;
    public long fordblks;
    public long keepcost;

    @Override
    protected List<String> getFieldOrder() {
      return List.of(
          "arena",
          "ordblks",
          "smblks",
          "hblks",
          "hblkhd",
          "usmblks",
          "fsmblks",
          "uordblks",
          "fordblks",
          "keepcost");
    }

    /** As the function returns it. */
    public static final class ByValue extends Mallinfo2 implements Structure.ByValue {}
  }
}
