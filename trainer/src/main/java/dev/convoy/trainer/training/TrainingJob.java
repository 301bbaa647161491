package dev.convoy.trainer.training;

import dev.convoy.data.BadDataException;
import dev.convoy.data.InvalidRequestException;
import dev.convoy.data.dataset.Split;
import dev.convoy.data.storage.HadoopSettings;
import dev.convoy.data.storage.Storage;
import dev.convoy.models.state.NetworkState;
import dev.convoy.models.training.ComputeProfile;
import dev.convoy.trainer.Json;
import dev.convoy.trainer.Layouts;
import dev.convoy.trainer.Position;
import dev.convoy.trainer.averaging.EmaState;
import dev.convoy.trainer.averaging.StateLayout;
import dev.convoy.trainer.averaging.TrainingState;
import dev.convoy.trainer.checkpoint.Checkpoint;
import dev.convoy.trainer.checkpoint.CheckpointRecord;
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
import dev.convoy.trainer.run.RoundMetrics;
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
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
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
    refuseOtherRun(directory, config);
    try (RunLease lease = RunLease.acquire(directory.storage(), clock)) {
      RunRecord record = newRecord(setup);
      // On a store without atomic creation two may believe that they have it; the later one does.
      lease.check();
      directory.start(record);
      return run(setup, record, directory, lease, Optional.empty());
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
    ConvoyConfig started = Configurations.load(record.configuration());
    ConvoyConfig config = Configurations.load(record.configuration(), overrides);
    List<String> differences = started.experimentDifferences(config);
    if (!differences.isEmpty()) {
      throw new InvalidRequestException(
          "a resumed run keeps its experiment, but these differ:%n  %s%nstart another run for them"
              .formatted(String.join(System.lineSeparator() + "  ", differences)));
    }
    TrainingSetup setup = TrainingSetups.of(config, spark.hadoopConfiguration());
    if (!setup.manifest().fingerprint().equals(record.datasetFingerprint())) {
      throw new InvalidRequestException(
          "the run was started on version %s of the dataset with fingerprint %s; %s has fingerprint %s"
              .formatted(
                  record.datasetVersion(),
                  record.datasetFingerprint(),
                  config.dataset(),
                  setup.manifest().fingerprint()));
    }
    try (RunLease lease = RunLease.acquire(directory.storage(), clock)) {
      Optional<Checkpoint> checkpoint =
          new CheckpointStore(directory.storage(), config.checkpoint().keep()).newest();
      if (checkpoint.isPresent()) {
        requireOwn(checkpoint.get(), record, setup);
      }
      return run(setup, record, directory, lease, checkpoint);
    }
  }

  private static void requireOwn(Checkpoint checkpoint, RunRecord record, TrainingSetup setup) {
    CheckpointRecord.Training own =
        new CheckpointRecord.Training(record.datasetFingerprint(), record.experiment());
    if (!checkpoint.record().trained().origin().training().equals(Optional.of(own))) {
      throw new BadDataException(
          "checkpoint %s is of another run than the run.json beside it; remove it, or resume the run that it is from"
              .formatted(checkpoint.location()));
    }
    boolean averaged = setup.ema().isPresent();
    if (checkpoint.isAveraged() != averaged) {
      throw new BadDataException(
          "checkpoint %s has %s moving average of the weights, the run %s; remove it, or restore it from a copy"
              .formatted(
                  checkpoint.location(),
                  checkpoint.isAveraged() ? "a" : "no",
                  averaged ? "keeps one" : "keeps none"));
    }
    int remembered = setup.strategy().initial().momentum().length;
    int found = checkpoint.outer().momentum().length;
    if (found != remembered) {
      throw new BadDataException(
          "checkpoint %s has %d outer momenta, the run's strategy %d; remove it, or restore it from a copy"
              .formatted(checkpoint.location(), found, remembered));
    }
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
      Optional<Checkpoint> checkpoint)
      throws IOException {
    TrainingState state = checkpoint.map(Checkpoint::trainingState).orElseGet(() -> initial(setup));
    Position position = checkpoint.map(c -> c.record().position()).orElse(Position.START);
    refuseOtherProfile(setup, record);
    LOG.info(
        "run {}: {} from round {}, {} workers on dataset {}, {}",
        directory.location(),
        setup.model(),
        position.round(),
        setup.config().workers(),
        record.datasetFingerprint(),
        setup.plan().shuffle().explanation());
    String group = "convoy-" + UUID.randomUUID();
    spark.setJobGroup(group, "convoy " + directory.location(), true);
    stop.onStop(() -> spark.cancelJobGroup(group));
    ExecutorSettings executor = executorSettings(setup, record, group);
    MetricsLog metrics = MetricsLog.open(directory.storage(), position);
    CheckpointListener checkpoints =
        new CheckpointListener(
            setup,
            setup.trained(record.profile()),
            new CheckpointStore(directory.storage(), setup.config().checkpoint().keep()),
            metrics,
            lease,
            clock,
            position,
            checkpoint.map(Checkpoint::location).orElse(""));
    checkpoint.ifPresent(
        c -> event(metrics, "resumed from round %d".formatted(c.record().position().round())));
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
                  new MetricsListener(metrics, lease, setup.evaluated()),
                  checkpoints,
                  new ProgressListener(shown, setup.config().epochs()),
                  new ObserverListener(observer)),
              position,
              state);
      loop.run();
      return finish(
          setup, record, directory, lease, executor, metrics, loop, checkpoints.location());
    } catch (Exception e) { // Spark's own exceptions are checked, but not declared
      if (stop.requested()) {
        throw interrupted(e);
      }
      throw e;
    } finally {
      spark.clearJobGroup();
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

  /** A cancelled job fails like a broken one; only the request tells them apart. */
  private static InterruptedRunException interrupted(Exception cancelled) {
    InterruptedRunException interrupted = new InterruptedRunException();
    for (Throwable saving : cancelled.getSuppressed()) {
      interrupted.addSuppressed(saving);
    }
    return interrupted;
  }

  private void event(MetricsLog metrics, String what) {
    metrics.add(new RunEvent(RunEvent.KIND, clock.instant(), what));
  }

  private RunResult finish(
      TrainingSetup setup,
      RunRecord record,
      RunDirectory directory,
      RunLease lease,
      ExecutorSettings executor,
      MetricsLog metrics,
      TrainingLoop loop,
      String checkpoint)
      throws IOException {
    Optional<Evaluation> last =
        setup.reported().map(s -> evaluate(setup, executor, s, loop.state().evaluated()));
    lease.check();
    metrics.flush();
    RunResult result =
        new RunResult(
            directory.location(),
            loop.position().epoch(),
            loop.position().round(),
            loop.position().examples(),
            metrics.rounds().stream().mapToLong(RoundMetrics::skippedExamples).sum(),
            metrics.rounds().stream().mapToDouble(RoundMetrics::seconds).sum(),
            setup.reported().map(Json::name),
            last.map(Evaluation::top1),
            last.map(Evaluation::top5),
            setup.layout().sha256(loop.state().network()),
            setup.ema().map(ema -> setup.layout().sha256(loop.state().evaluated())),
            checkpoint,
            directory.reportLocation());
    directory.writeReport(ReportOfRun.html(setup, record, metrics, last, result, clock.instant()));
    directory.writeResult(result);
    return result;
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
        clusterProfile(setup.config()),
        SoftwareVersions.current(spark.version()));
  }

  private ComputeProfile clusterProfile(ConvoyConfig config) {
    return ClusterProfile.resolve(spark, config.device(), config.threads(), config.precision());
  }

  private void refuseOtherProfile(TrainingSetup setup, RunRecord record) {
    ComputeProfile here = clusterProfile(setup.config());
    if (!setup.config().allowMixedProfiles() && !here.equals(record.profile())) {
      throw new InvalidRequestException(
          ("the run computes with %s, this cluster with %s; resume it on machines of the first kind, since"
                  + " its results would differ in their last bits")
              .formatted(record.profile(), here));
    }
  }

  private static void refuseOtherRun(RunDirectory directory, ConvoyConfig config)
      throws IOException {
    Optional<RunRecord> there;
    try {
      there = directory.record();
    } catch (BadDataException e) {
      throw new InvalidRequestException(e.getMessage(), e);
    }
    if (there.isEmpty()) {
      return;
    }
    ConvoyConfig started = Configurations.load(there.get().configuration());
    List<String> differences =
        started.experimentDifferences(
            config.datasetVersion().equals(ConvoyConfig.NEWEST_VERSION)
                ? config.withDatasetVersion(started.datasetVersion())
                : config);
    throw new InvalidRequestException(
        differences.isEmpty()
            ? "%s already holds this run; `resume --run` goes on with it"
                .formatted(directory.location())
            : "%s belongs to another configuration:%n  %s%nchoose another run directory"
                .formatted(
                    directory.location(), String.join(System.lineSeparator() + "  ", differences)));
  }

  private RunDirectory directory(String location) throws IOException {
    return new RunDirectory(Storage.at(location, spark.hadoopConfiguration()));
  }
}
