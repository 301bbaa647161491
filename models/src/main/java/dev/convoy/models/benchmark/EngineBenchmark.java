package dev.convoy.models.benchmark;

import dev.convoy.models.engine.OperationTime;
import dev.convoy.models.engine.ir.ForwardPass.Mode;
import dev.convoy.models.engine.onednn.OneDnnBackend;
import dev.convoy.models.training.ComputeProfile;
import dev.convoy.models.training.OptimizerSettings;
import dev.convoy.models.training.TrainingReplica;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The compiled engine as the trainer's workers use it: from images on Java's heap to new weights.
 */
public final class EngineBenchmark implements AutoCloseable {
  private static final double RATE = 1e-3;
  private static final double MEGABYTE = 1e6;

  private final BenchmarkCase measured;
  private final ComputeProfile profile;
  private final TrainingReplica replica;
  private final float[] images;
  private final int[] labels;

  public EngineBenchmark(BenchmarkCase measured) {
    this.measured = measured;
    this.profile = ComputeProfile.resolve(measured.threads(), measured.precision());
    this.replica =
        TrainingReplica.create(
            measured.model(), new OptimizerSettings(0.9, 1e-4, Set.of()), 0, profile);
    this.images = measured.images();
    this.labels = measured.labels();
    replica.initialise(1);
  }

  /** What the figures belong to. */
  public ComputeProfile profile() {
    return profile;
  }

  /** Images a second, what the plan needs, and the process's peak of resident memory. */
  public List<Measurement> run() {
    String what = measured.describe(profile.precision());
    double[] seconds = Stopwatch.seconds(this::step, measured.budget());
    List<Measurement> figures = new ArrayList<>();
    figures.add(Stopwatch.rate(what, measured.batch(), seconds));
    long bytes = replica.memoryNeed(measured.batch(), measured.mode()).bytes();
    figures.add(Measurement.once("memory of the plan", "MB", bytes / MEGABYTE));
    PeakMemory.bytes()
        .ifPresent(
            peak ->
                figures.add(Measurement.once("peak memory of the process", "MB", peak / MEGABYTE)));
    return figures;
  }

  private void step() {
    if (measured.mode() == Mode.TRAINING) {
      replica.step(images, labels, RATE);
    } else {
      replica.probabilities(images, labels.length);
    }
  }

  /** Where the time goes: the best of some runs of every operation. */
  public List<OperationTime> profileOperations() {
    return OperationProfile.best(() -> replica.profile(images, labels, measured.mode()));
  }

  /**
   * The library's convolutions, dense layers and batch norms of a step, each run by itself again
   * and again: medians, in the order of {@link #profileOperations}.
   */
  public List<OperationTime> operationsAlone() {
    return new Ceiling(OneDnnBackend.withThreads(measured.threads()))
        .times(replica.profile(images, labels, measured.mode()));
  }

  /** The rate of a step that did nothing but these operations, each as fast as by itself. */
  public Measurement ceiling(List<OperationTime> alone) {
    long nanoseconds = alone.stream().mapToLong(OperationTime::nanoseconds).sum();
    return Measurement.once(
        measured.describe(profile.precision()) + ", the library's own operations alone",
        "images/s",
        measured.batch() / (nanoseconds * 1e-9));
  }

  @Override
  public void close() {
    replica.close();
  }
}
