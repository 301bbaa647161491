package dev.convoy.models.training;

import dev.convoy.models.engine.Precision;
import dev.convoy.models.engine.onednn.OneDnnBackend;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * What fixes the bits of a training step. Two machines with equal profiles compute the same.
 *
 * @param backend the numerical library with its version and the instruction set that it uses
 * @param precision of activations, "float32" or "bfloat16"; parameters are float32 always
 * @param threads that one operation uses
 * @param cpu the processor's model
 */
public record ComputeProfile(String backend, String precision, int threads, String cpu)
    implements Serializable {

  public ComputeProfile {
    if (threads < 1) {
      throw new IllegalArgumentException("threads is " + threads + "; it has to be 1 or more");
    }
    Precision.valueOf(precision.toUpperCase(Locale.ROOT));
  }

  /**
   * The profile of this process.
   *
   * @param threads that one operation uses, 1 or more
   * @throws IllegalArgumentException if this processor cannot compute in the chosen precision
   */
  public static ComputeProfile resolve(int threads, PrecisionChoice choice) {
    OneDnnBackend backend = OneDnnBackend.withThreads(threads);
    Precision precision = choice.on(backend);
    return new ComputeProfile(
        backend.description(), precision.name().toLowerCase(Locale.ROOT), threads, processor());
  }

  /** The profile of this process for the same threads and, if it can, the same precision. */
  public ComputeProfile here() {
    boolean float32 = enginePrecision() == Precision.FLOAT32;
    return resolve(threads, float32 ? PrecisionChoice.FLOAT32 : PrecisionChoice.AUTO);
  }

  Precision enginePrecision() {
    return Precision.valueOf(precision.toUpperCase(Locale.ROOT));
  }

  /** The first processor's model as Linux's /proc/cpuinfo names it; the architecture elsewhere. */
  private static String processor() {
    try {
      return Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).trim())
          .findFirst()
          .orElse(System.getProperty("os.arch"));
    } catch (IOException e) {
      return System.getProperty("os.arch");
    }
  }
}
