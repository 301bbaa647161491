package dev.convoy.trainer.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.convoy.trainer.gpu.PretendedDriver;
import dev.convoy.trainer.gpu.PretendedGpus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Executors with GPUs as Spark schedules them, found by the discovery script, on a machine that has
 * none: a backend that computes on the processor notes the addresses that it is opened on.
 */
@ExtendWith(ReferenceRunExtension.class)
final class GpuExecutorsIT {

  private static final String ONE = "GPU-5d5ba0d6-d33d-2b2c-524d-9e3d8d2b8a77";
  private static final String TWO = "GPU-6d5ba0d6-d33d-2b2c-524d-9e3d8d2b8a77";

  private static final String GPUS_OF_AN_EXECUTOR = "spark.executor.resource.gpu.amount";

  @RegisterExtension private final Processes processes = new Processes();
  @TempDir private Path folder;
  private PretendedDriver driver;
  private Path opened;

  @BeforeEach
  void install() throws IOException {
    driver = new PretendedDriver(folder.resolve("bin"));
    driver.lists(ONE, TWO);
    opened = folder.resolve("opened");
  }

  /** Each worker of Spark has two GPUs, each executor two unless the settings say otherwise. */
  private RunningProcess start(String name, List<String> settings, String... convoy)
      throws IOException {
    List<String> command =
        new ArrayList<>(List.of("env", "PATH=" + driver.folder() + ":" + System.getenv("PATH")));
    command.addAll(Distribution.convoy(convoy));
    List<String> all = new ArrayList<>(settings);
    all.addAll(
        List.of(
            "spark.worker.resource.gpu.amount=2",
            "spark.worker.resource.gpu.discoveryScript=" + PretendedDriver.discoveryScript()));
    if (settings.stream().noneMatch(setting -> setting.startsWith(GPUS_OF_AN_EXECUTOR))) {
      all.add(GPUS_OF_AN_EXECUTOR + "=2");
    }
    for (String setting : all) {
      command.addAll(List.of("--conf", setting));
    }
    return processes.start(name, folder, command);
  }

  /** What brings a backend for GPUs: a jar. */
  private List<String> withBackend(String gpusOfATask) throws IOException {
    return List.of(
        "spark.jars=" + PretendedGpus.jar(folder.resolve("pretended-gpus.jar")),
        "spark.executorEnv." + PretendedGpus.LOG + "=" + opened,
        "spark.task.resource.gpu.amount=" + gpusOfATask);
  }

  private static String[] with(String[] arguments, String... more) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }

  @Test
  void eachWorkerComputesOnTheGpuOfItsTask(ReferenceRun reference) throws Exception {
    RunFolder run = new RunFolder(folder.resolve("run"));
    RunningProcess train =
        start("train", withBackend("1"), reference.train(run, "local-cluster[1,2,1024]"));
    // `device: auto` takes the GPUs; what they pretend to compute is what the processor computes.
    reference.assertSameResult(train.result(), run);
    assertThat(PretendedGpus.opened(opened)).contains(ONE, TWO).containsOnly(ONE, TWO);
    assertThat(run.profile().path("device").asText()).isEqualTo("gpu");
    assertThat(run.profile().path("processor").asText()).isEqualTo("a pretended GPU");

    Files.delete(opened);
    JsonNode evaluation = start("evaluate", withBackend("1"), evaluate(reference, run)).result();
    assertThat(evaluation.path("top1")).isEqualTo(run.result().path("top1"));
    assertThat(PretendedGpus.opened(opened)).isNotEmpty().isSubsetOf(ONE, TWO);
  }

  private static String[] evaluate(ReferenceRun reference, RunFolder run) {
    return new String[] {
      "evaluate",
      "--checkpoint=" + run.path(),
      "--dataset=" + reference.dataset(),
      "--split=test",
      "--json",
      "--master=local-cluster[1,2,1024]"
    };
  }

  @Test
  @Tag("full")
  void sharedGpusAreRefusedAndTheDoctorSaysSo(ReferenceRun reference) throws Exception {
    RunFolder run = new RunFolder(folder.resolve("run"));
    String[] arguments = reference.train(run, "local-cluster[1,2,1024]");
    RunningProcess train = start("train", withBackend("0.5"), arguments);
    assertThat(train.exitCode()).as(train.story()).isEqualTo(2);
    assertThat(train.errors())
        .contains("convoy: spark.task.resource.gpu.amount is 0.5, so that several workers");

    String[] examine = arguments.clone();
    examine[0] = "doctor";
    RunningProcess doctor = start("doctor", withBackend("0.5"), examine);
    assertThat(doctor.exitCode()).as(doctor.story()).isEqualTo(4);
    assertThat(failures(doctor))
        .containsExactly("gpus: tasks would share GPUs: spark.task.resource.gpu.amount is 0.5");
  }

  /** Both workers of the machine discover both GPUs, and give the first away. */
  @Test
  @Tag("full")
  void oneGpuOfTwoExecutorsIsRefusedAndTheDoctorSaysSo(ReferenceRun reference) throws Exception {
    RunFolder run = new RunFolder(folder.resolve("run"));
    String[] arguments = reference.train(run, "local-cluster[2,1,1024]");
    List<String> settings = new ArrayList<>(withBackend("1"));
    settings.add(GPUS_OF_AN_EXECUTOR + "=1");
    RunningProcess train = start("train", settings, arguments);
    assertThat(train.exitCode()).as(train.story()).isEqualTo(2);
    assertThat(train.errors()).contains("were given the same GPU " + ONE);

    String[] examine = arguments.clone();
    examine[0] = "doctor";
    RunningProcess doctor = start("doctor", settings, examine);
    assertThat(doctor.exitCode()).as(doctor.story()).isEqualTo(4);
    assertThat(failures(doctor))
        .contains("gpus: GPU %s was given to another executor of this host, too".formatted(ONE));
  }

  @Test
  void buildWithoutBackendRefusesGpus(ReferenceRun reference) throws Exception {
    RunFolder run = new RunFolder(folder.resolve("run"));
    String[] arguments = with(reference.train(run, "local-cluster[1,2,1024]"), "--set=device=gpu");
    List<String> settings = List.of("spark.task.resource.gpu.amount=1");
    RunningProcess train = start("train", settings, arguments);
    assertThat(train.exitCode()).as(train.story()).isEqualTo(2);
    assertThat(train.errors())
        .contains("convoy: this build has no backend for GPUs (it has: oneDNN for CPUs)");
  }

  private static List<String> failures(RunningProcess doctor) throws IOException {
    List<String> failures = new ArrayList<>();
    for (JsonNode finding : doctor.lastLine().path("findings")) {
      if (finding.path("level").asText().equals("fails")) {
        failures.add(finding.path("check").asText() + ": " + finding.path("detail").asText());
      }
    }
    return failures;
  }
}
