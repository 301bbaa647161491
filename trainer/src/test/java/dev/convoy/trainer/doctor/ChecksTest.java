package dev.convoy.trainer.doctor;

import static dev.convoy.trainer.doctor.Answers.DRIVER;
import static dev.convoy.trainer.doctor.Answers.NOON;
import static dev.convoy.trainer.doctor.Answers.executor;
import static dev.convoy.trainer.doctor.Answers.executors;
import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.models.training.ComputeProfile;
import dev.convoy.models.training.DeviceChoice;
import dev.convoy.trainer.config.Configurations;
import dev.convoy.trainer.config.ConvoyConfig;
import java.util.List;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the checks make of answers that a test cannot have of real processes. */
final class ChecksTest {

  private static final ComputeProfile PROFILE =
      new ComputeProfile("oneDNN", "cpu", "float32", 1, "a processor");

  private static ConvoyConfig config(String... overrides) {
    return Configurations.load(
        """
        dataset: d
        run: r
        epochs: 1
        workers: 4
        batch: 8
        model: {name: lenet}
        optimizer: {learning_rate: 0.1}
        """,
        List.of(overrides));
  }

  private static SparkConf conf() {
    return new SparkConf(false).set("spark.master", "spark://host:7077");
  }

  @ParameterizedTest
  @CsvSource({
    "0, ok, within 5 s",
    "-5, ok, within 5 s",
    "6, ok, within 5 s", // a second lies between question and answer
    "-6, warning, the clock is 6 s behind the driver's",
    "8, warning, the clock is 7 s ahead of the driver's",
    "-31, fails, the clock is 31 s behind the driver's",
    "32, fails, the clock is 31 s ahead of the driver's"
  })
  void clock(int seconds, String level, String detail) {
    Verdict verdict =
        new ClockCheck()
            .judge(
                List.of(Answers.of(executor(0), new ClockCheck.Reading(NOON.plusSeconds(seconds)))))
            .get(0);
    assertThat(verdict.level().word()).isEqualTo(level);
    assertThat(verdict.detail()).contains(detail);
  }

  @Test
  void softwareIsTheDrivers() {
    int driver = Runtime.version().feature();
    SoftwareCheck.Software here = SoftwareCheck.Software.here();
    List<Verdict> verdicts =
        new SoftwareCheck()
            .judge(
                List.of(
                    Answers.of(DRIVER, here),
                    Answers.of(
                        executor(0), new SoftwareCheck.Software(11, "11.0.2", here.convoy())),
                    Answers.of(
                        executor(1), new SoftwareCheck.Software(driver + 1, "new", here.convoy())),
                    Answers.of(
                        executor(2), new SoftwareCheck.Software(driver, here.java(), "of May"))));
    assertThat(verdicts)
        .extracting(Verdict::level)
        .containsExactly(Level.OK, Level.FAILS, Level.FAILS, Level.WARNING);
    assertThat(verdicts.get(3).detail()).contains("Convoy of May");
    assertThat(verdicts.get(3).advice()).contains("the driver has Convoy " + here.convoy());
    assertThat(verdicts.get(1).advice()).contains("Java 17");
    assertThat(verdicts.get(2).advice()).contains("the driver has Java " + driver);
  }

  @Test
  void profilesAreOneUnlessTheyMayMix() {
    ComputeProfile other = new ComputeProfile("oneDNN", "cpu", "float32", 1, "another processor");
    List<Found<ComputeProfile>> answers =
        List.of(
            Answers.of(executor(0), other),
            Answers.of(executor(1), PROFILE),
            Answers.of(executor(2), PROFILE));
    List<Verdict> refused = new ProfileCheck(config()).judge(answers);
    assertThat(refused).extracting(Verdict::level).containsExactly(Level.FAILS, Level.OK, Level.OK);
    assertThat(refused.get(0).detail()).contains("another processor");
    assertThat(refused.get(0).advice()).contains("allow_mixed_profiles: true");
    assertThat(new ProfileCheck(config("allow_mixed_profiles=true")).judge(answers))
        .extracting(Verdict::level)
        .containsExactly(Level.WARNING, Level.OK, Level.OK);
  }

  @ParameterizedTest
  @CsvSource({
    "2, 2, ok, 'workers: 4, slots: 4'",
    "1, 2, ok, 'workers: 4, slots: 2'",
    "3, 2, warning, 'workers: 4, slots: 6, idle: 2'",
    "3, 1, warning, 'workers: 4, slots: 3, waves: 2, idle in the last: 2'"
  })
  void workersAgainstSlots(int executors, int slots, String level, String detail) {
    List<Executor> present = executors(executors, slots);
    Verdict verdict = new SlotsCheck(config(), conf(), present).judge(List.of()).get(0);
    assertThat(verdict.level().word()).isEqualTo(level);
    assertThat(verdict.detail()).contains(detail);
  }

  @Test
  void whatElseTheScheduleDependsOn() {
    SparkConf conf = conf().set("spark.dynamicAllocation.enabled", "true");
    SlotsCheck check = new SlotsCheck(config("threads=2"), conf, executors(1, 4));
    List<Verdict> verdicts =
        check.judge(List.of(Answers.of(executor(0), new SlotsCheck.Processors(4))));
    assertThat(verdicts)
        .extracting(Verdict::level)
        .containsExactly(Level.OK, Level.WARNING, Level.WARNING);
    assertThat(verdicts.get(1).detail())
        .isEqualTo("4 slots with 2 threads each share 4 processors");
    assertThat(verdicts.get(2).detail()).contains("executors come and go");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {"local;true", "local[4];true", "local[*,4];false", "spark://host:7077;false"})
  void masterThatTriesOnceIsSaid(String master, boolean said) {
    SparkConf conf = new SparkConf(false).set("spark.master", master);
    assertThat(new SlotsCheck(config(), conf, executors(2, 2)).judge(List.of()))
        .hasSize(said ? 2 : 1);
  }

  private static List<Executor> onOneHost(List<String> first, List<String> second) {
    return List.of(
        new Executor(executor(0), 1, 1, first, 0), new Executor(executor(1), 1, 1, second, 0));
  }

  private static List<Verdict> gpus(
      DeviceChoice device, SparkConf conf, List<Executor> executors, GpuCheck.Assigned assigned) {
    return new GpuCheck(device, conf, executors)
        .judge(executors.stream().map(e -> Answers.of(e.place(), assigned)).toList());
  }

  @Test
  void oneGpuForEachTaskIsRight() {
    List<Executor> executors = onOneHost(List.of("A"), List.of("B"));
    assertThat(
            gpus(DeviceChoice.AUTO, conf(), executors, new GpuCheck.Assigned(List.of("A"), true)))
        .extracting(Verdict::level)
        .containsExactly(Level.OK, Level.OK);
  }

  @Test
  void sharedGpusFail() {
    GpuCheck.Assigned one = new GpuCheck.Assigned(List.of("A"), true);
    List<Executor> apart = onOneHost(List.of("A"), List.of("B"));
    SparkConf half = conf().set("spark.task.resource.gpu.amount", "0.5");
    assertThat(gpus(DeviceChoice.GPU, half, apart, one))
        .filteredOn(verdict -> verdict.level() == Level.FAILS)
        .extracting(Verdict::detail)
        .containsExactly("tasks would share GPUs: spark.task.resource.gpu.amount is 0.5");
    assertThat(gpus(DeviceChoice.CPU, half, apart, one))
        .extracting(Verdict::level)
        .containsOnly(Level.WARNING);
    List<Executor> same = onOneHost(List.of("A"), List.of("A"));
    assertThat(gpus(DeviceChoice.GPU, conf(), same, one))
        .extracting(Verdict::detail)
        .containsOnly("GPU A was given to another executor of this host, too");
    List<Executor> otherHosts =
        List.of(
            new Executor(executor(0), 1, 1, List.of("0"), 0),
            new Executor(executor(2), 1, 1, List.of("0"), 0));
    assertThat(gpus(DeviceChoice.GPU, conf(), otherHosts, one))
        .extracting(Verdict::level)
        .containsOnly(Level.OK);
  }

  @Test
  void noneOrSeveralGpusFailWhereOneIsNeeded() {
    List<Executor> executors = onOneHost(List.of("A", "B"), List.of());
    assertThat(
            gpus(
                DeviceChoice.GPU,
                conf(),
                executors,
                new GpuCheck.Assigned(List.of("A", "B"), true)))
        .extracting(Verdict::detail)
        .containsOnly("2 GPUs are assigned to a task, of which its worker would use one");
    assertThat(gpus(DeviceChoice.GPU, conf(), executors, new GpuCheck.Assigned(List.of(), false)))
        .extracting(Verdict::detail)
        .containsOnly("no GPU is assigned to a task");
  }

  @Test
  void gpusThatNobodyUsesAreSaid() {
    List<Executor> executors = onOneHost(List.of("A"), List.of());
    List<Verdict> verdicts =
        gpus(DeviceChoice.AUTO, conf(), executors, new GpuCheck.Assigned(List.of("A"), false));
    assertThat(verdicts).extracting(Verdict::level).containsExactly(Level.WARNING, Level.OK);
    assertThat(verdicts.get(0).detail()).isEqualTo("the GPUs A stay idle");
  }
}
