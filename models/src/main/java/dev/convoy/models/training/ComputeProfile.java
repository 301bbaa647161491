package dev.convoy.models.training;

import dev.convoy.models.engine.Precision;
import dev.convoy.models.engine.backend.Backend;
import dev.convoy.models.engine.backend.BackendProvider;
import dev.convoy.models.engine.backend.Backends;
import dev.convoy.models.engine.backend.Device;
import java.io.Serializable;
import java.util.Locale;
import java.util.Set;

/**
 * What fixes the bits of a training step. Two machines with equal profiles compute the same.
 *
 * @param backend the numerical library with its version and the instruction set that it uses
 * @param device "cpu" or "gpu"
 * @param precision of activations, "float32" or "bfloat16"; parameters are float32 always
 * @param threads that one operation uses
 * @param processor model of the CPU or GPU
 */
public record ComputeProfile(
    String backend, String device, String precision, int threads, String processor)
    implements Serializable {

  private static final Set<String> DEVICES = Set.of(Device.Cpu.KIND, Device.Gpu.KIND);

  public ComputeProfile {
    if (threads < 1) {
      throw new IllegalArgumentException("threads is " + threads + "; it has to be 1 or more");
    }
    if (!DEVICES.contains(device)) {
      throw new IllegalArgumentException("device is " + device + "; it has to be cpu or gpu");
    }
    Precision.valueOf(precision.toUpperCase(Locale.ROOT));
  }

  /** As {@link #resolve(Device, int, PrecisionChoice)} on the CPU. */
  public static ComputeProfile resolve(int threads, PrecisionChoice choice) {
    return resolve(Device.cpu(), threads, choice);
  }

  /**
   * The profile of this process on one of its devices.
   *
   * @param threads that one operation uses, 1 or more
   * @throws IllegalArgumentException if this build has no backend for the device, or the device
   *     cannot compute in the chosen precision
   */
  public static ComputeProfile resolve(Device device, int threads, PrecisionChoice choice) {
    BackendProvider provider = Backends.ofThisBuild().provider(device);
    Backend backend = provider.open(device, threads);
    Precision precision = choice.on(backend);
    return new ComputeProfile(
        backend.description(),
        device.kind(),
        precision.name().toLowerCase(Locale.ROOT),
        threads,
        provider.model(device));
  }

  /**
   * The profile of a device of this process for the same threads and, if it can, the same
   * precision.
   */
  public ComputeProfile on(Device other) {
    boolean float32 = enginePrecision() == Precision.FLOAT32;
    return resolve(other, threads, float32 ? PrecisionChoice.FLOAT32 : PrecisionChoice.AUTO);
  }

  Precision enginePrecision() {
    return Precision.valueOf(precision.toUpperCase(Locale.ROOT));
  }
}
