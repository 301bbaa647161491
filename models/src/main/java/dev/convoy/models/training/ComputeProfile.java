package dev.convoy.models.training;

import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.bytedeco.openblas.global.openblas_nolapack;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOpsHolder;

/**
 * What fixes the bits of an operation. Two machines with equal profiles compute the same.
 *
 * @param backend the numerical library with its version and build
 * @param precision of parameters and arithmetic
 * @param threads that one operation uses
 * @param instructionSet the widest that the processor has, and the OpenBLAS kernels chosen for it
 * @param cpu the processor's model
 */
public record ComputeProfile(
    String backend, String precision, int threads, String instructionSet, String cpu)
    implements Serializable {

  public ComputeProfile {
    if (threads < 1) {
      throw new IllegalArgumentException("threads is " + threads + "; it has to be 1 or more");
    }
  }

  /**
   * The profile of this process, which from now on computes with that many threads.
   *
   * @throws IllegalStateException if this process already computes with another number of threads
   */
  public static ComputeProfile resolve(int threads) {
    ComputeThreads.claim(threads);
    Map<String, String> processor = processor();
    return new ComputeProfile(
        describeBackend(),
        "float32",
        threads,
        describeInstructionSet(processor.getOrDefault("flags", "")),
        processor.getOrDefault("model name", System.getProperty("os.arch")));
  }

  private static String describeBackend() {
    String build = NativeOpsHolder.getInstance().getDeviceNativeOps().buildInfo();
    return Nd4j.getBackend().getClass().getSimpleName().replace("Backend", "")
        + " "
        + build.lines().findFirst().orElse("").replace("Build Info: ", "").trim()
        + ", OpenBLAS "
        + openblas_nolapack.OPENBLAS_VERSION.trim();
  }

  private static String describeInstructionSet(String flags) {
    Set<String> known = Set.of(flags.split(" "));
    String widest =
        List.of("avx512f", "avx2", "avx", "sse4_2").stream()
            .filter(known::contains)
            .findFirst()
            .orElse(System.getProperty("os.arch").toLowerCase(Locale.ROOT));
    String forced = System.getenv("OPENBLAS_CORETYPE");
    return forced == null ? widest : widest + ", OpenBLAS kernels of " + forced;
  }

  /** The first processor's lines of Linux's /proc/cpuinfo; empty elsewhere. */
  private static Map<String, String> processor() {
    try {
      return Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
          .map(line -> line.split(":", 2))
          .filter(pair -> pair.length == 2)
          .collect(Collectors.toMap(pair -> pair[0].trim(), pair -> pair[1].trim(), (a, b) -> a));
    } catch (IOException e) {
      return Map.of();
    }
  }
}
