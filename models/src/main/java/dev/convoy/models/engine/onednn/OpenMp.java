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
    return before;
  }
}
