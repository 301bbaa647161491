package dev.convoy.trainer.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.convoy.data.dataset.Split;
import dev.convoy.data.plan.EpochPlan;
import dev.convoy.trainer.Eventually;
import dev.convoy.trainer.HookedFileSystem;
import dev.convoy.trainer.Json;
import dev.convoy.trainer.Layouts;
import dev.convoy.trainer.Position;
import dev.convoy.trainer.averaging.TrainingState;
import dev.convoy.trainer.checkpoint.CheckpointRecord;
import dev.convoy.trainer.checkpoint.Checkpoints;
import dev.convoy.trainer.config.ConvoyConfig;
import dev.convoy.trainer.run.RunHeldException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.security.AccessControlException;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.scheduler.JobSucceeded$;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobEnd;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run that ends before its time leaves its last completed round, and nothing else behind. */
final class EarlyEndTest {

  private static final Configuration HADOOP = new Configuration(false);
  private static final long LAST = 1;

  @TempDir private static Path shared;
  private static Path dataset;
  private static JavaSparkContext spark;

  @TempDir private Path folder;
  private final StopRequest stop = new StopRequest();

  @BeforeAll
  static void ingest() throws IOException {
    dataset = SmallRun.dataset(shared);
    spark = new JavaSparkContext(SmallRun.session().sparkContext());
    HookedFileSystem.register(spark.hadoopConfiguration());
  }

  @AfterAll
  static void stopSpark() {
    SmallRun.session().stop();
  }

  @AfterEach
  void unhook() {
    HookedFileSystem.unhook();
    spark.clearJobGroup();
  }

  @Test
  void ofAnErrorOnTheDriver() throws Exception {
    OutOfMemoryError error = new OutOfMemoryError("as if");
    assertThat(
            trainUntil(
                run(),
                () -> {
                  throw error;
                }))
        .isSameAs(error);
    assertSaved();
  }

  @Test
  void ofAnInterruptedThreadThatWaitsForAJob() throws Exception {
    Jobs jobs = new Jobs();
    spark.sc().addSparkListener(jobs);
    spark.setJobGroup("mine", "my own work", false);
    // In the next round, when workers read their shards: the thread then waits for their job.
    Thread training = Thread.currentThread();
    AtomicBoolean interrupted = new AtomicBoolean();
    HookedFileSystem.Hook interrupting =
        (act, file) -> {
          if (act == HookedFileSystem.Act.OPEN
              && file.getFileName().toString().startsWith("train-")) {
            if (!interrupted.getAndSet(true)) {
              training.interrupt();
            }
            hang();
          }
        };
    assertThat(
            trainUntil(
                run(),
                () -> HookedFileSystem.setHook(interrupting),
                "dataset='%s'".formatted(HookedFileSystem.location(dataset)),
                "memory={shard_cache: 1B, prefetch: 0B}"))
        .isInstanceOf(InterruptedException.class);
    assertSaved();
    spark.sc().listenerBus().waitUntilEmpty();
    Eventually.holds("no job goes on", () -> spark.statusTracker().getActiveJobIds().length == 0);
    spark.sc().listenerBus().waitUntilEmpty();
    assertThat(jobs.failed).as("the round that nobody waited for").hasValue(1);
    assertThat(spark.getLocalProperty("spark.jobGroup.id")).isEqualTo("mine");
    assertThat(spark.getLocalProperty("spark.job.description")).isEqualTo("my own work");
    assertThat(spark.getLocalProperty("spark.job.interruptOnCancel")).isEqualTo("false");
    spark.sc().removeSparkListener(jobs);
  }

  @Test
  void ofAnInterruptedThreadThatFailed() throws Exception {
    IllegalStateException broken = new IllegalStateException("broken");
    Throwable thrown =
        trainUntil(
            run(),
            () -> {
              Thread.currentThread().interrupt();
              throw broken;
            });
    assertThat(Thread.interrupted()).as("who interrupted it is not forgotten").isTrue();
    assertThat(thrown).isSameAs(broken);
    assertThat(thrown.getSuppressed()).isEmpty();
    assertSaved();
  }

  @Test
  void ofAStop() throws Exception {
    assertThat(trainUntil(run(), stop::request)).isInstanceOf(InterruptedRunException.class);
    assertSaved();
  }

  @Test
  void stopThatCouldNotSaveIsNoMereInterruption() throws Exception {
    Throwable thrown =
        trainUntil(
            run(),
            () -> {
              takeOver(run());
              stop.request();
            });
    assertThat(thrown)
        .isInstanceOf(SavingFailedException.class)
        .hasCauseInstanceOf(RunHeldException.class);
  }

  @Test
  void stopAfterTheLastEpochLeavesTheEvaluationToAResume() throws Exception {
    HookedFileSystem.setHook(
        (act, file) -> {
          if (act == HookedFileSystem.Act.CREATE && isRecordOf(file, 2L * steps())) {
            stop.request();
          }
        });
    Throwable thrown =
        catchThrowable(
            () -> job((round, outcome) -> {}).train(config(HookedFileSystem.location(run()))));
    assertThat(thrown).isInstanceOf(InterruptedRunException.class);
    assertThat(run().resolve("result.json")).doesNotExist();
    HookedFileSystem.unhook();
    RunResult result = SmallRun.job(SmallRun.session()).resume(run().toString(), List.of());
    assertThat(result.rounds()).isEqualTo(2L * steps());
    assertThat(result.top1()).isPresent();
  }

  @Test
  void evaluationOutlivesTheCommitThatFailed() throws Exception {
    AtomicBoolean failed = new AtomicBoolean();
    HookedFileSystem.setHook(
        (act, file) -> {
          if (act == HookedFileSystem.Act.CREATE
              && isRecordOf(file, steps())
              && !failed.getAndSet(true)) {
            throw new AccessControlException("not now");
          }
        });
    Throwable thrown =
        catchThrowable(
            () ->
                job((round, outcome) -> {})
                    .train(config(HookedFileSystem.location(run()), "evaluation.split=train")));
    assertThat(thrown).hasRootCauseMessage("not now");
    CheckpointRecord saved = Checkpoints.find(run().toString(), HADOOP).record();
    assertThat(saved.position().epoch()).isEqualTo(1);
    assertThat(saved.validation()).isPresent();
  }

  /** From the end of the last epoch's rounds, so that no cluster is needed. */
  @Test
  void stopWhileBatchNormsAreRecalibratedComesBeforeTheEvaluation() throws Exception {
    TrainingSetup setup = setup();
    AtomicInteger evaluations = new AtomicInteger();
    TrainingLoop loop =
        new TrainingLoop(
            setup,
            null,
            network -> {
              evaluations.incrementAndGet();
              return Optional.empty();
            },
            network -> {
              stop.request();
              return network;
            },
            stop,
            List.of(),
            new Position(2L * steps(), 1, steps(), 2 * setup.manifest().examples(Split.TRAIN)),
            new TrainingState(Layouts.initialState(setup.model(), 7), setup.strategy().initial()));
    assertThat(catchThrowable(loop::run)).isInstanceOf(InterruptedRunException.class);
    assertThat(evaluations).hasValue(0);
  }

  @Test
  void driverThatLostItsRunBeforeItBeganLeavesTheMetricsOfTheOther() throws Exception {
    trainUntil(run(), stop::request);
    Path metrics = run().resolve("metrics.jsonl");
    HookedFileSystem.setHook(
        (act, file) -> {
          if (act == HookedFileSystem.Act.OPEN && isRecordOf(file, LAST + 1)) {
            takeOver(run());
            Files.writeString(
                metrics, Files.readString(metrics) + "{\"kind\":\"round\",\"round\":9}\n");
          }
        });
    Throwable thrown =
        catchThrowable(
            () ->
                SmallRun.job(SmallRun.session())
                    .resume(HookedFileSystem.location(run()), List.of()));
    assertThat(thrown).isInstanceOf(RunHeldException.class);
    assertThat(metrics).content().contains("{\"kind\":\"round\",\"round\":9}");
    assertThat(run().resolve("lease.json")).content().contains("\"another\"");
  }

  @Test
  void machinesOfAFreshRunAreAskedOnce() throws Exception {
    Jobs jobs = new Jobs();
    spark.sc().addSparkListener(jobs);
    trainUntil(run(), stop::request);
    spark.sc().listenerBus().waitUntilEmpty();
    spark.sc().removeSparkListener(jobs);
    assertThat(jobs.names).filteredOn(name -> name.contains("ClusterProfile")).hasSize(1);
  }

  private TrainingSetup setup() throws IOException {
    return TrainingSetups.of(config(run().toString()), HADOOP);
  }

  /** Rounds in an epoch. */
  private int steps() throws IOException {
    return EpochPlan.of(setup().shardSizes(), setup().plan(), 0).steps();
  }

  private Path run() {
    return folder.resolve("run");
  }

  private static boolean isRecordOf(Path file, long round) {
    return file.getFileName().toString().contains("checkpoint.json")
        && file.toString().contains("round-%09d-".formatted(round));
  }

  /** Trains until a round is done, and something more. */
  private Throwable trainUntil(Path run, Runnable then, String... overrides) {
    return catchThrowable(
        () ->
            job((round, outcome) -> {
                  if (round == LAST) {
                    then.run();
                  }
                })
                .train(config(run.toString(), overrides)));
  }

  private static void hang() throws IOException {
    try {
      TimeUnit.MINUTES.sleep(5);
    } catch (InterruptedException e) {
      throw (IOException) new InterruptedIOException("interrupted").initCause(e);
    }
  }

  private TrainingJob job(RoundObserver observer) {
    return new TrainingJob(
        spark,
        stop,
        Clock.systemUTC(),
        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8),
        observer);
  }

  /** Two epochs of several rounds. */
  private static ConvoyConfig config(String run, String... overrides) {
    List<String> all = new ArrayList<>(List.of("run='%s'".formatted(run)));
    all.addAll(List.of("sync.steps=1", "checkpoint.every_rounds=0"));
    all.addAll(List.of(overrides));
    return SmallRun.config(dataset, Path.of("nowhere"), all.toArray(String[]::new));
  }

  /** Another driver has the run from now on. */
  private static void takeOver(Path run) {
    try {
      Path lease = run.resolve("lease.json");
      ObjectNode json = (ObjectNode) Json.MAPPER.readTree(Files.readString(lease));
      Files.writeString(lease, json.put("holder", "another").toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void assertSaved() throws Exception {
    assertThat(Checkpoints.find(run().toString(), HADOOP).record().position().round())
        .isEqualTo(LAST + 1);
    assertThat(run().resolve("lease.json")).doesNotExist();
    assertThat(Files.readString(run().resolve("metrics.jsonl")))
        .contains("stopped early after round " + (LAST + 1));
  }

  /** What Spark says of its jobs. */
  private static final class Jobs extends SparkListener {
    private final List<String> names = new CopyOnWriteArrayList<>();
    private final AtomicInteger failed = new AtomicInteger();

    @Override
    public void onJobStart(SparkListenerJobStart start) {
      start.stageInfos().foreach(stage -> names.add(stage.name()));
    }

    @Override
    public void onJobEnd(SparkListenerJobEnd end) {
      if (!end.jobResult().equals(JobSucceeded$.MODULE$)) {
        failed.incrementAndGet();
      }
    }
  }
}
