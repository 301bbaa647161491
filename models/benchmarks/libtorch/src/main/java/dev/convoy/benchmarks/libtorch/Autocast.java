package dev.convoy.benchmarks.libtorch;

import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.DeviceType;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * The scope that Python's {@code torch.autocast("cpu", torch.bfloat16)} opens in the calling
 * thread: each float32 weight is cast once and kept until the outermost scope closes.
 */
final class Autocast implements AutoCloseable {
  private final Precision precision;

  /** Opens the scope; in float32 it does nothing. */
  Autocast(Precision precision) {
    this.precision = precision;
    if (precision == Precision.BF16) {
      torch.set_autocast_dtype(DeviceType.CPU, ScalarType.BFloat16);
      torch.set_autocast_enabled(DeviceType.CPU, true);
      torch.set_autocast_cache_enabled(true);
      torch.increment_nesting();
    }
  }

  @Override
  public void close() {
    if (precision == Precision.BF16) {
      if (torch.decrement_nesting() == 0) {
        torch.clear_cache();
      }
      torch.set_autocast_enabled(DeviceType.CPU, false);
    }
  }
}
