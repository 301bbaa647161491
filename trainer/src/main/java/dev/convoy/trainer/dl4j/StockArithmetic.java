package dev.convoy.trainer.dl4j;

import org.bytedeco.openblas.global.openblas_nolapack;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOps;
import org.nd4j.nativeblas.NativeOpsHolder;

/**
 * DL4J's own layers. What fixes their bits is libnd4j, OpenBLAS and one thread. With more,
 * libnd4j's pool gives a task fewer when others compute, and sums vary.
 */
record StockArithmetic() implements Arithmetic {
  private static final int THREADS = 1;

  @Override
  public String claim() {
    Nd4j.getEnvironment().setMaxThreads(THREADS);
    Nd4j.getEnvironment().setMaxMasterThreads(THREADS);
    // OpenMP keeps its number for each calling thread; a new one starts with the environment's.
    NativeOps ops = NativeOpsHolder.getInstance().getDeviceNativeOps();
    ops.setOmpNumThreads(THREADS);
    Nd4j.factory().blas().setMaxThreads(THREADS);
    return Nd4j.getBackend().getClass().getSimpleName().replace("Backend", "")
        + " "
        + ops.buildInfo().lines().findFirst().orElse("").replace("Build Info: ", "").trim()
        + ", OpenBLAS "
        + openblas_nolapack.OPENBLAS_VERSION.trim();
  }

  @Override
  public ComputationGraph adopt(ComputationGraph plain) {
    return plain;
  }
}
