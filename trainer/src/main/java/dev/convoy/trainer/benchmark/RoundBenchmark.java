package dev.convoy.trainer.benchmark;

import dev.convoy.data.storage.Storage;
import dev.convoy.models.ModelSpec;
import dev.convoy.models.benchmark.Measurement;
import dev.convoy.models.training.ComputeProfile;
import dev.convoy.models.training.PrecisionChoice;
import dev.convoy.trainer.Layouts;
import dev.convoy.trainer.config.Configurations;
import dev.convoy.trainer.config.ConvoyConfig;
import dev.convoy.trainer.executor.ExecutorProfile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Times rounds of whole runs on noise, one number of workers and one implementation at a time. */
public final class RoundBenchmark {

  private static final Logger LOG = LoggerFactory.getLogger(RoundBenchmark.class);

  private final SparkSession session;
  private final JavaSparkContext spark;
  private final RoundProbe probe;
  private final Storage work;

  /**
   * A benchmark on a cluster.
   *
   * @param probe that listens to it
   * @param work a folder that all executors reach, for the dataset and the runs; what is put there
   *     goes again
   */
  public RoundBenchmark(SparkSession session, RoundProbe probe, Storage work) throws IOException {
    this.session = session;
    this.spark = JavaSparkContext.fromSparkContext(session.sparkContext());
    this.probe = probe;
    this.work = work.folder("bench-round-" + UUID.randomUUID());
  }

  /** Runs every case, the implementations of one number of workers one after the other. */
  public RoundResults run(RoundComparison comparison, List<AveragedRounds> implementations)
      throws IOException {
    long parameters = Layouts.of(comparison.model()).length();
    List<Measurement> figures = new ArrayList<>();
    List<RoundObservation> observations = new ArrayList<>();
    try {
      String dataset =
          NoiseDataset.write(
              session,
              work,
              comparison.model().input(),
              comparison.model().classes(),
              comparison.examples());
      for (int workers : comparison.workers()) {
        for (AveragedRounds implementation : implementations) {
          RoundFigures figuresOfCase = measured(comparison, dataset, workers, implementation);
          figures.addAll(figuresOfCase.measurements());
          RoundObservation observation = figuresOfCase.observation(parameters);
          LOG.info("{}", observation);
          observations.add(observation);
        }
      }
    } finally {
      work.delete("");
    }
    return new RoundResults(machine(), figures, observations);
  }

  private RoundFigures measured(
      RoundComparison comparison, String dataset, int workers, AveragedRounds implementation)
      throws IOException {
    Storage run = work.folder("run");
    ConvoyConfig config = config(comparison, dataset, run.location(), workers, implementation);
    try {
      List<TimedRound> rounds =
          implementation.run(new RoundCase(config, comparison.limits(workers)));
      return new RoundFigures(config, implementation, rounds, probe, ClusterShape.of(spark));
    } finally {
      run.delete("");
    }
  }

  private static ConvoyConfig config(
      RoundComparison comparison,
      String dataset,
      String run,
      int workers,
      AveragedRounds implementation) {
    ModelSpec model = comparison.model();
    List<String> overrides = new ArrayList<>();
    if (!implementation.wire().equals(ConvoyRounds.FLOAT32)) {
      overrides.add("sync.wire=" + implementation.wire());
    }
    return Configurations.load(
        """
        dataset: '%s'
        run: '%s'
        epochs: 1
        workers: %d
        batch: %d
        precision: float32
        sync: {strategy: average, steps: %d}
        model: {name: %s, input: {channels: %d, height: %d, width: %d}}
        optimizer: {learning_rate: 1.0e-4, momentum: 0.9}
        evaluation: {every_epochs: 0}
        """
            .formatted(
                quotable(dataset),
                quotable(run),
                workers,
                comparison.batch(),
                comparison.steps(),
                model.name(),
                model.input().channels(),
                model.input().height(),
                model.input().width()),
        overrides);
  }

  /** For between single quotes of YAML. */
  private static String quotable(String path) {
    return path.replace("'", "''");
  }

  private String machine() {
    ComputeProfile profile =
        spark
            .parallelize(List.of(1), 1)
            .map(threads -> ExecutorProfile.resolve(threads, PrecisionChoice.FLOAT32))
            .first();
    ClusterShape cluster = ClusterShape.of(spark);
    return "%s; %s, %d executors, %d slots"
        .formatted(profile, spark.master(), cluster.executors(), cluster.slots());
  }
}
