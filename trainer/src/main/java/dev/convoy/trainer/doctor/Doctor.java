package dev.convoy.trainer.doctor;

import dev.convoy.data.BadDataException;
import dev.convoy.data.storage.HadoopSettings;
import dev.convoy.trainer.config.ConvoyConfig;
import dev.convoy.trainer.executor.ExecutorCores;
import dev.convoy.trainer.training.TrainingSetup;
import dev.convoy.trainer.training.TrainingSetups;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaSparkContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at a cluster before a run's compute is spent there: all that would make the run fail, and
 * what it would do badly, at once. Trains nothing, and leaves nothing behind but the run's
 * directory, empty.
 */
public final class Doctor {

  private static final Logger LOG = LoggerFactory.getLogger(Doctor.class);

  private final JavaSparkContext spark;
  private final Duration patience;
  private final List<Finding> findings = new ArrayList<>();
  private List<Executor> executors = List.of();

  /**
   * A doctor for one examination.
   *
   * @param spark the cluster
   * @param patience for how long executors may take to come, and to answer a question
   */
  public Doctor(JavaSparkContext spark, Duration patience) {
    this.spark = spark;
    this.patience = patience;
  }

  /**
   * Examines the cluster for a run.
   *
   * @throws dev.convoy.data.InvalidRequestException if the configuration does not fit its dataset
   */
  public Diagnosis examine(ConvoyConfig config) throws IOException, InterruptedException {
    spark.setJobGroup("convoy-doctor-" + UUID.randomUUID(), "convoy doctor", true);
    try {
      Optional<TrainingSetup> setup = setup(config);
      add(RunCheck.NAME, RunCheck.verdicts(config, spark.hadoopConfiguration()));
      executors = Roster.await(spark, config.workers(), patience);
      reportExecutors();
      List<Check<?>> checks = new ArrayList<>(ofCluster(config));
      setup.ifPresent(known -> checks.addAll(ofRun(known)));
      for (Check<?> check : checks) {
        examine(check);
      }
      return Diagnosis.of(findings);
    } finally {
      spark.clearJobGroup();
    }
  }

  /** Empty where the dataset cannot be read, which is a finding. */
  private Optional<TrainingSetup> setup(ConvoyConfig config) {
    try {
      return Optional.of(TrainingSetups.of(config, spark.hadoopConfiguration()));
    } catch (IOException | BadDataException e) {
      LOG.debug("the dataset cannot be read", e);
      add(
          "dataset",
          List.of(
              Verdict.fails(
                  Place.driver(""), Reasons.of(e), "make the dataset whole and readable")));
      return Optional.empty();
    }
  }

  private void reportExecutors() {
    if (executors.isEmpty()) {
      add(
          "executors",
          List.of(
              Verdict.overall(
                  Level.FAILS,
                  "none came within %d s".formatted(patience.toSeconds()),
                  "look whether the cluster has workers with the memory, cores and GPUs that are asked for")));
      return;
    }
    int came = executors.size();
    List<Verdict> verdicts = new ArrayList<>(dismissSmall());
    int slots = executors.stream().mapToInt(Executor::slots).sum();
    int asked = Roster.asked(spark.getConf());
    String detail = "executors: %d, slots: %d".formatted(came, slots);
    Verdict verdict =
        came < asked
            ? Verdict.overall(
                Level.WARNING,
                "%s, asked for: %d".formatted(detail, asked),
                "see why the cluster does not give the others, or ask for fewer")
            : Verdict.overall(Level.OK, detail, "");
    if (!executors.isEmpty() || came < asked) {
      verdicts.add(verdict);
    }
    findings.addAll(new Findings(came).of("executors", verdicts));
  }

  /** Executors on which no task can run are not asked anything. */
  private List<Verdict> dismissSmall() {
    int cpus = ExecutorCores.cpusOfTask(spark.getConf());
    List<Executor> small =
        executors.stream()
            .filter(executor -> executor.cores() < cpus && !spark.sc().isLocal())
            .toList();
    executors = executors.stream().filter(executor -> !small.contains(executor)).toList();
    return small.stream()
        .map(
            executor ->
                Verdict.fails(
                    executor.place(),
                    "%d cores, but a task takes %d".formatted(executor.cores(), cpus),
                    "give executors as many cores, or set threads to at most those of one"))
        .toList();
  }

  private List<Check<?>> ofCluster(ConvoyConfig config) {
    SparkConf conf = spark.getConf();
    return List.of(
        new ClockCheck(),
        new SoftwareCheck(),
        new ProfileCheck(config),
        new GpuCheck(config.device(), conf, executors),
        new SlotsCheck(config, conf, executors),
        new StoreCheck(config.run(), spark.hadoopConfiguration()));
  }

  private List<Check<?>> ofRun(TrainingSetup setup) {
    return List.of(
        new DatasetCheck(setup, HadoopSettings.of(spark.hadoopConfiguration()), executors),
        new MemoryCheck(
            ProcessMemory.Plan.of(setup), setup.layout().length(), spark.getConf(), executors),
        new HeapCheck(HeapCheck.Load.of(setup), executors, spark.defaultParallelism()),
        new SerializationCheck(setup, spark));
  }

  private <A extends Record> void examine(Check<A> check) throws IOException, InterruptedException {
    Place driver = Place.driver(InetAddress.getLocalHost().getHostName());
    List<Verdict> verdicts = new ArrayList<>();
    try {
      check.prepare();
      List<Found<A>> answers = ask(check, driver, verdicts);
      verdicts.addAll(check.judge(answers));
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception | LinkageError | OutOfMemoryError e) {
      LOG.debug("the check {} failed", check.name(), e);
      verdicts.add(Verdict.fails(driver, Reasons.of(e), check.advice()));
    }
    try {
      check.cleanUp();
    } catch (Exception e) { // what prepare threw it throws again
      LOG.debug("the check {} left something behind", check.name(), e);
    }
    add(check.name(), verdicts);
  }

  /** Asks all processes; who does not answer once is not asked again. */
  private <A extends Record> List<Found<A>> ask(
      Check<A> check, Place driver, List<Verdict> verdicts) throws Exception {
    Probe<A> probe = check.probe();
    List<Found<A>> answers = new ArrayList<>();
    if (check.concernsDriver() && !spark.sc().isLocal()) {
      Instant asked = Instant.now();
      Reply reply = Reply.of(SparkEnv.get().executorId(), probe);
      sort(check, driver, new Survey.Timed(reply, asked, Instant.now()), answers, verdicts);
    }
    Survey survey = new Survey(spark, probe, patience);
    Map<String, Survey.Timed> replies =
        survey.ask(executors.stream().map(Executor::place).toList());
    List<Executor> answering = new ArrayList<>();
    for (Executor executor : executors) {
      Survey.Timed timed = replies.get(executor.place().id());
      if (timed == null) {
        verdicts.add(
            Verdict.fails(
                executor.place(),
                survey.silence(executor.place()),
                "look at its log; it is not asked anything else"));
      } else {
        answering.add(executor);
        sort(check, executor.place(), timed, answers, verdicts);
      }
    }
    executors = answering;
    return answers;
  }

  private static <A extends Record> void sort(
      Check<A> check,
      Place place,
      Survey.Timed timed,
      List<Found<A>> answers,
      List<Verdict> verdicts) {
    Optional<A> found = timed.reply().found(check.answer());
    if (found.isPresent()) {
      answers.add(new Found<>(place, found.get(), timed.asked(), timed.received()));
    } else {
      verdicts.add(Verdict.fails(place, timed.reply().problem(), check.advice()));
    }
  }

  private void add(String check, List<Verdict> verdicts) {
    findings.addAll(new Findings(executors.size()).of(check, verdicts));
  }
}
