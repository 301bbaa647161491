package dev.convoy.models.engine.dl4j;

import dev.convoy.models.engine.Precision;
import dev.convoy.models.engine.backend.Backend;
import dev.convoy.models.engine.ir.ElementType;
import dev.convoy.models.engine.onednn.OneDnnBackend;
import java.util.Objects;

/**
 * How a graph is compiled.
 *
 * @param backend what computes, with its number of threads
 * @param precision of activations
 * @param unsupported what becomes of a graph that cannot be compiled, or not for inputs that come
 * @param variance which variance moves the running ones
 * @param dropoutSeed what dropout's masks are drawn from, together with the iteration
 */
public record EngineSettings(
    Backend backend,
    Precision precision,
    Unsupported unsupported,
    VarianceEstimate variance,
    long dropoutSeed) {
  public EngineSettings {
    Objects.requireNonNull(backend);
    Objects.requireNonNull(precision);
    Objects.requireNonNull(unsupported);
    Objects.requireNonNull(variance);
  }

  /** What becomes of a graph that cannot be compiled, or not for inputs that come. */
  public enum Unsupported {
    /** It is refused with all reasons, and so is every batch of such inputs. */
    REFUSED,
    /** All of it runs on stock layers, which the log says once. */
    STOCK
  }

  /** The defaults on this machine's processor with a number of threads. */
  public static EngineSettings withThreads(int threads) {
    return on(OneDnnBackend.withThreads(threads));
  }

  /**
   * The defaults: bf16 where the backend computes on it natively and float32 elsewhere, stock
   * layers for what is not supported, DL4J's running variance.
   */
  public static EngineSettings on(Backend backend) {
    Precision precision =
        backend.isNative(ElementType.BFLOAT16) ? Precision.BFLOAT16 : Precision.FLOAT32;
    return new EngineSettings(
        backend, precision, Unsupported.STOCK, VarianceEstimate.POPULATION, 0);
  }

  public EngineSettings with(Precision other) {
    return new EngineSettings(backend, other, unsupported, variance, dropoutSeed);
  }

  public EngineSettings with(Unsupported other) {
    return new EngineSettings(backend, precision, other, variance, dropoutSeed);
  }

  public EngineSettings with(VarianceEstimate other) {
    return new EngineSettings(backend, precision, unsupported, other, dropoutSeed);
  }

  public EngineSettings withDropoutSeed(long seed) {
    return new EngineSettings(backend, precision, unsupported, variance, seed);
  }

  /** The seed of one iteration's masks (SplitMix64's finaliser, Steele et al. 2014). */
  long dropoutSeed(int iteration) {
    long mixed = dropoutSeed + 0x9e3779b97f4a7c15L * (iteration + 1L);
    mixed = (mixed ^ (mixed >>> 30)) * 0xbf58476d1ce4e5b9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
    return mixed ^ (mixed >>> 31);
  }
}
