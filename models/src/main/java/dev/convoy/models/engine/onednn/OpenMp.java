package dev.convoy.models.engine.onednn;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import java.util.function.Supplier;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.javacpp.Loader;

/**
 * The number of threads of the OpenMP that oneDNN was linked with. It belongs to the calling
 * thread, so it is set around every use of the library and put back afterwards.
 */
final class OpenMp {
  static {
    // Looked up through oneDNN's own library: the process may have mapped another OpenMP as well.
    Native.register(OpenMp.class, NativeLibrary.getInstance(Loader.load(dnnl.class)));
  }

  private OpenMp() {}

  private static native void omp_set_num_threads(int threads);

  private static native int omp_get_max_threads();

  private static native int omp_get_thread_limit();

  private static native int omp_get_dynamic();

  private static native void omp_set_dynamic(int dynamic);

  /**
   * Refuses more threads than this process may have: with fewer, oneDNN's barriers wait for ever.
   */
  static void require(int threads) {
    int limit = omp_get_thread_limit();
    if (threads > limit) {
      throw new IllegalArgumentException(
          "threads is "
              + threads
              + ", but OMP_THREAD_LIMIT allows this process "
              + limit
              + "; ask for at most as many, or unset it");
    }
  }

  /** Calls with the calling thread's number set, and puts the former one back. */
  static <T> T with(int threads, Supplier<T> call) {
    int before = set(threads);
    try {
      return call.get();
    } finally {
      set(before);
    }
  }

  /** Sets the calling thread's number and returns the former one. */
  static int set(int threads) {
    int before = omp_get_max_threads();
    if (before != threads) {
      omp_set_num_threads(threads);
    }
    if (threads > 1 && omp_get_dynamic() != 0) {
      // OMP_DYNAMIC: a busy machine would have fewer, and other bits.
      omp_set_dynamic(0);
    }
    return before;
  }
}
