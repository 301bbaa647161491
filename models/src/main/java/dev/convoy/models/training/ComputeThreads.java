package dev.convoy.models.training;

import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOps;
import org.nd4j.nativeblas.NativeOpsHolder;

/**
 * The number of threads that one operation may use. It belongs to the process: libnd4j's pool and
 * OpenBLAS are shared by every network in it, so the first who asks decides and another number is
 * refused.
 */
final class ComputeThreads {
  /** A system property, because it has to be one per process and not one per class loader. */
  private static final String CLAIM = "dev.convoy.compute.threads";

  private ComputeThreads() {}

  /** Sets the process to so many threads, or refuses if it is already set to another number. */
  static void claim(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("threads is " + threads + "; it has to be 1 or more");
    }
    Object claimed = System.getProperties().putIfAbsent(CLAIM, Integer.toString(threads));
    if (claimed != null && !claimed.equals(Integer.toString(threads))) {
      throw new IllegalStateException(
          "this process computes with "
              + claimed
              + " threads, which is set once per process, and cannot also compute with "
              + threads
              + "; start another process or ask for "
              + claimed);
    }
    Nd4j.getEnvironment().setMaxThreads(threads);
    Nd4j.getEnvironment().setMaxMasterThreads(threads);
    setForThisThread(threads);
  }

  /** OpenMP keeps its number for each calling thread; a new one starts with the environment's. */
  static void setForThisThread(int threads) {
    NativeOps ops = NativeOpsHolder.getInstance().getDeviceNativeOps();
    ops.setOmpNumThreads(threads);
    Nd4j.factory().blas().setMaxThreads(threads);
  }
}
