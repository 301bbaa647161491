package dev.convoy.trainer.training;

import dev.convoy.data.BadDataException;
import dev.convoy.data.InvalidRequestException;
import dev.convoy.data.dataset.Split;
import dev.convoy.data.storage.HadoopSettings;
import dev.convoy.data.storage.Storage;
import dev.convoy.models.state.NetworkState;
import dev.convoy.models.training.ComputeProfile;
import dev.convoy.trainer.Layouts;
import dev.convoy.trainer.Position;
import dev.convoy.trainer.averaging.EmaState;
import dev.convoy.trainer.averaging.StateLayout;
import dev.convoy.trainer.averaging.TrainingState;
import dev.convoy.trainer.checkpoint.Checkpoint;
import dev.convoy.trainer.checkpoint.CheckpointStore;
import dev.convoy.trainer.checkpoint.DamagedCheckpointException;
import dev.convoy.trainer.config.Configurations;
import dev.convoy.trainer.config.ConvoyConfig;
import dev.convoy.trainer.evaluation.Evaluation;
import dev.convoy.trainer.evaluation.EvaluationSettings;
import dev.convoy.trainer.evaluation.Evaluator;
import dev.convoy.trainer.executor.ClusterProfile;
import dev.convoy.trainer.executor.ExecutorSettings;
import dev.convoy.trainer.executor.RunKey;
import dev.convoy.trainer.progress.Progress;
import dev.convoy.trainer.round.RoundRunner;
import dev.convoy.trainer.run.MetricsLog;
import dev.convoy.trainer.run.RunDirectory;
import dev.convoy.trainer.run.RunEvent;
import dev.convoy.trainer.run.RunLease;
import dev.convoy.trainer.run.RunRecord;
import dev.convoy.trainer.run.SoftwareVersions;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkException;
import org.apache.spark.api.java.JavaSparkContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One run on a cluster: begun, or gone on with. */
public final class TrainingJob {

  private static final Logger LOG = LoggerFactory.getLogger(TrainingJob.class);

  private final JavaSparkContext spark;
  private final StopRequest stop;
  private final Clock clock;
  private final PrintStream progress;
  private final RoundObserver observer;

  /**
   * A job.
   *
   * @param spark the cluster
   * @param stop how it is asked to end early
   * @param clock for leases and time stamps; no result depends on it
   * @param progress where people see how it goes
   */
  public TrainingJob(JavaSparkContext spark, StopRequest stop, Clock clock, PrintStream progress) {
    this(spark, stop, clock, progress, (round, outcome) -> {});
  }

  /** A job whose rounds somebody watches. */
  public TrainingJob(
      JavaSparkContext spark,
      StopRequest stop,
      Clock clock,
      PrintStream progress,
      RoundObserver observer) {
    this.spark = spark;
    this.stop = stop;
    this.clock = clock;
    this.progress = progress;
    this.observer = observer;
  }

  /**
   * Begins a run and trains it to its end.
   *
   * @throws InvalidRequestException if the configuration does not fit its dataset, or the run
   *     directory holds a run
   */
  public RunResult train(ConvoyConfig config) throws IOException {
    TrainingSetup setup = TrainingSetups.of(config, spark.hadoopConfiguration());
    RunDirectory directory = directory(config.run());
    ResumeChecks.refuseOtherRun(directory, config);
    try (RunJobs jobs = new RunJobs(spark, directory.location(), stop);
        RunLease lease = RunLease.acquire(directory.storage(), clock)) {
      RunRecord record = newRecord(setup);
      // On a store without atomic creation two may believe that they have it; the later one does.
      lease.check();
      directory.start(record);
      return run(setup, record, directory, lease, jobs, Optional.empty());
    } catch (Exception e) { // Spark's own exceptions are checked, but not declared
      throwIfStopped(e);
      throw e;
    }
  }

  /**
   * Goes on with a run where its last completed round ended.
   *
   * @param location the run's directory
   * @param overrides {@code key=value} for operation keys
   * @throws InvalidRequestException if there is no run, an experiment key was changed, or the
   *     dataset is not the run's
   * @throws DamagedCheckpointException if the run has checkpoints, but none that is whole
   * @throws BadDataException if its newest checkpoint is not of this run
   */
  public RunResult resume(String location, List<String> overrides)
      throws IOException, DamagedCheckpointException {
    RunDirectory directory = directory(location);
    RunRecord record = startedRecord(directory);
    ConvoyConfig config = Configurations.load(record.configuration(), overrides);
    ResumeChecks.refuseOtherExperiment(record, config);
    TrainingSetup setup = TrainingSetups.of(config, spark.hadoopConfiguration());
    ResumeChecks.refuseOtherDataset(record, setup);
    try (RunJobs jobs = new RunJobs(spark, directory.location(), stop);
        RunLease lease = RunLease.acquire(directory.storage(), clock)) {
      Optional<Checkpoint> checkpoint =
          new CheckpointStore(directory.storage(), config.checkpoint().keep()).newest();
      if (checkpoint.isPresent()) {
        ResumeChecks.requireOwn(checkpoint.get(), record, setup);
      }
      ResumeChecks.refuseOtherProfile(record, setup, clusterProfile(config));
      return run(setup, record, directory, lease, jobs, checkpoint);
    } catch (Exception e) { // Spark's own exceptions are checked, but not declared
      throwIfStopped(e);
      throw e;
    }
  }

  /**
   * Makes sure that a run can begin where a configuration says. Nothing is written.
   *
   * @throws RunExistsException if it has begun before
   * @throws InvalidRequestException if the directory holds another run
   * @throws dev.convoy.trainer.run.RunHeldException if another process has it
   */
  public static void requireFree(ConvoyConfig config, Configuration hadoop) throws IOException {
    RunDirectory directory = new RunDirectory(Storage.at(config.run(), hadoop));
    RunLease.requireFree(directory.storage(), Clock.systemUTC());
    ResumeChecks.refuseOtherRun(directory, config);
  }

  /**
   * The configuration with which a run was started.
   *
   * @throws InvalidRequestException if there is no run
   */
  public static ConvoyConfig started(String location, Configuration hadoop) throws IOException {
    RunDirectory directory = new RunDirectory(Storage.at(location, hadoop));
    return Configurations.load(startedRecord(directory).configuration());
  }

  private static RunRecord startedRecord(RunDirectory directory) throws IOException {
    return directory
        .record()
        .orElseThrow(
            () ->
                new InvalidRequestException(
                    "%s holds no run; `train` starts one there".formatted(directory.location())));
  }

  private RunResult run(
      TrainingSetup setup,
      RunRecord record,
      RunDirectory directory,
      RunLease lease,
      RunJobs jobs,
      Optional<Checkpoint> checkpoint)
      throws IOException {
    TrainingState state = checkpoint.map(Checkpoint::trainingState).orElseGet(() -> initial(setup));
    Position position = checkpoint.map(c -> c.record().position()).orElse(Position.START);
    LOG.info(
        "run {}: {} from round {}, {} workers on dataset {}, {}",
        directory.location(),
        setup.model(),
        position.round(),
        setup.config().workers(),
        record.datasetFingerprint(),
        setup.plan().shuffle().explanation());
    ExecutorSettings executor = executorSettings(setup, record, jobs.group());
    // This may have waited for a job, and another taken the run meanwhile; here its file is cut.
    lease.check();
    MetricsLog metrics = MetricsLog.open(directory.storage(), position);
    CheckpointListener checkpoints =
        new CheckpointListener(
            setup,
            setup.trained(record),
            new CheckpointStore(directory.storage(), setup.config().checkpoint().keep()),
            metrics,
            lease,
            clock,
            position,
            checkpoint.map(Checkpoint::location).orElse(""));
    checkpoint.ifPresent(
        c -> event(metrics, "resumed from round " + c.record().position().round()));
    noteOtherVersions(record, metrics);
    boolean interrupted = false;
    try (Progress shown = Progress.on(progress);
        RoundRunner rounds =
            new RoundRunner(spark, setup.rounds(executor), new StateLayout(setup.layout()))) {
      TrainingLoop loop =
          new TrainingLoop(
              setup,
              rounds,
              current -> setup.evaluated().map(s -> evaluate(setup, executor, s, current)),
              current -> recalibrated(setup, executor, metrics, current),
              stop,
              List.of(
                  jobs,
                  new MetricsListener(metrics, lease, setup.evaluated()),
                  checkpoints,
                  new ProgressListener(shown, setup.config().epochs()),
                  new ObserverListener(observer)),
              position,
              state);
      try {
        loop.run();
        stop.check();
        Optional<Evaluation> last =
            setup.reported().map(s -> evaluate(setup, executor, s, loop.state().evaluated()));
        return new RunFinish(setup, record, directory, lease, metrics, clock)
            .write(loop, last, checkpoints.location());
      } catch (Throwable e) {
        jobs.cancel(); // those of the last evaluation, too
        // An interrupted thread could not wait while the executors forget the run.
        interrupted = Thread.interrupted();
        throw e;
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Other software may compute other bits: who reads the run's figures is to know. */
  private void noteOtherVersions(RunRecord record, MetricsLog metrics) {
    List<String> differences =
        SoftwareVersions.current(spark.version()).differences(record.versions());
    if (!differences.isEmpty()) {
      String what = "goes on with other software: " + String.join(", ", differences);
      LOG.warn("{}", what);
      event(metrics, what);
    }
  }

  private static TrainingState initial(TrainingSetup setup) {
    NetworkState network = Layouts.initialState(setup.model(), setup.config().seed());
    return new TrainingState(
        network,
        setup.strategy().initial(),
        setup.ema().map(ema -> ema.initial(network)).orElse(EmaState.NONE));
  }

  private NetworkState recalibrated(
      TrainingSetup setup, ExecutorSettings executor, MetricsLog metrics, NetworkState network) {
    return setup
        .recalibration(spark, executor)
        .map(
            recalibration -> {
              NetworkState recalibrated = recalibration.recalibrated(network);
              event(metrics, "batch norms recalibrated over the training set");
              return recalibrated;
            })
        .orElse(network);
  }

  /**
   * A cancelled job fails like a broken one; only the request tells them apart. Other failures stay
   * what they are, and a run that could not be saved is not one that was merely interrupted.
   */
  private void throwIfStopped(Exception failure) {
    if (!stop.requested()) {
      return;
    }
    for (Throwable suppressed : failure.getSuppressed()) {
      if (suppressed instanceof SavingFailedException saving) {
        LOG.debug("stopped", failure);
        throw saving;
      }
    }
    boolean cancelled = failure instanceof SparkException && failure.getCause() == null;
    boolean down = failure instanceof IllegalStateException && spark.sc().isStopped();
    if (cancelled || down) {
      InterruptedRunException interrupted = new InterruptedRunException();
      for (Throwable suppressed : failure.getSuppressed()) {
        interrupted.addSuppressed(suppressed);
      }
      throw interrupted;
    }
  }

  private void event(MetricsLog metrics, String what) {
    metrics.add(new RunEvent(RunEvent.KIND, clock.instant(), what));
  }

  private Evaluation evaluate(
      TrainingSetup setup, ExecutorSettings executor, Split split, NetworkState state) {
    return new Evaluator(spark)
        .evaluate(
            new EvaluationSettings(
                executor,
                setup.version(),
                setup.manifest().shards(split),
                setup.evaluating(),
                setup.config().evaluation().batch()),
            state,
            setup.manifest().classes());
  }

  private ExecutorSettings executorSettings(TrainingSetup setup, RunRecord record, String group) {
    return setup.executor(
        new RunKey(spark.sc().applicationId(), group),
        record.profile(),
        HadoopSettings.of(spark.hadoopConfiguration()));
  }

  private RunRecord newRecord(TrainingSetup setup) {
    return new RunRecord(
        RunRecord.FORMAT,
        clock.instant(),
        setup.config().toYaml(),
        setup.config().experimentDigest(),
        setup.manifest().version(),
        setup.manifest().fingerprint(),
        setup.manifest().layoutSha256(),
        clusterProfile(setup.config()),
        SoftwareVersions.current(spark.version()));
  }

  private ComputeProfile clusterProfile(ConvoyConfig config) {
    return ClusterProfile.resolve(spark, config.device(), config.threads(), config.precision());
  }

  private RunDirectory directory(String location) throws IOException {
    return new RunDirectory(Storage.at(location, spark.hadoopConfiguration()));
  }
}
