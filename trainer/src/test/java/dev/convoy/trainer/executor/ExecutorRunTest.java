package dev.convoy.trainer.executor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convoy.data.InvalidRequestException;
import dev.convoy.data.storage.HadoopSettings;
import dev.convoy.models.InputShape;
import dev.convoy.models.ModelSpec;
import dev.convoy.models.engine.backend.Device;
import dev.convoy.models.training.ComputeProfile;
import dev.convoy.models.training.OptimizerSettings;
import dev.convoy.models.training.PrecisionChoice;
import dev.convoy.models.training.TrainingReplica;
import dev.convoy.trainer.executor.ExecutorSettings.MixedProfiles;
import dev.convoy.trainer.gpu.PretendedGpus;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an executor lends to its tasks, with GPUs that are none. */
final class ExecutorRunTest {

  private static final int SLOTS = 2;

  @TempDir private Path folder;
  private ClassLoader loader;
  private URLClassLoader withGpus;
  private final DeviceClaims claims = new DeviceClaims();

  @BeforeEach
  void bringBackend() throws IOException {
    loader = Thread.currentThread().getContextClassLoader();
    URL service = PretendedGpus.service(folder.resolve("services")).toUri().toURL();
    withGpus = new URLClassLoader(new URL[] {service}, loader);
    Thread.currentThread().setContextClassLoader(withGpus);
    System.setProperty(PretendedGpus.LOG, folder.resolve("opened").toString());
  }

  @AfterEach
  void takeItAway() throws IOException {
    System.clearProperty(PretendedGpus.LOG);
    Thread.currentThread().setContextClassLoader(loader);
    withGpus.close();
  }

  private ExecutorRun run(Device device, MixedProfiles mixed) {
    return run(ComputeProfile.resolve(device, 1, PrecisionChoice.FLOAT32), mixed);
  }

  private ExecutorRun run(ComputeProfile profile, MixedProfiles mixed) {
    return new ExecutorRun(
        new ExecutorSettings(
            new RunKey("app", "run"),
            ModelSpec.of("lenet", new InputShape(1, 28, 28), 2),
            new OptimizerSettings(0.9, 0, Set.of()),
            0,
            profile,
            mixed,
            new CacheLimits(1, 0, Duration.ofMinutes(1)),
            HadoopSettings.of(new Configuration(false))),
        SLOTS,
        new SlotGate(),
        claims);
  }

  @Test
  void networkStaysOnItsDevice() throws IOException {
    ExecutorRun run = run(Device.gpu("A"), MixedProfiles.REFUSED);
    TrainingReplica onA;
    TrainingReplica onB;
    try (ExecutorRun.Loan a = run.borrow(List.of("A"));
        ExecutorRun.Loan b = run.borrow(List.of("B"))) {
      onA = a.replica();
      onB = b.replica();
      assertThat(onA).isNotSameAs(onB);
    }
    try (ExecutorRun.Loan b = run.borrow(List.of("B"));
        ExecutorRun.Loan a = run.borrow(List.of("A"))) {
      assertThat(a.replica()).isSameAs(onA);
      assertThat(b.replica()).isSameAs(onB);
    }
    assertThat(PretendedGpus.opened(folder.resolve("opened"))).contains("A", "B");
    run.close();
  }

  @Test
  void gpuIsLentToOneTaskAtATime() {
    ExecutorRun one = run(Device.gpu("A"), MixedProfiles.REFUSED);
    ExecutorRun other = run(Device.gpu("A"), MixedProfiles.REFUSED);
    try (ExecutorRun.Loan loan = one.borrow(List.of("A"))) {
      assertThat(loan.replica().layout().length()).isPositive();
      assertThatThrownBy(() -> other.borrow(List.of("A")))
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContaining("Spark assigned GPU A to two tasks of one executor")
          .hasMessageContaining("spark.task.resource.gpu.amount=1");
    }
    other.borrow(List.of("A")).close();
    one.close();
    other.close();
  }

  @Test
  void failedLoanClaimsNothing() {
    ExecutorRun onCpu = run(Device.cpu(), MixedProfiles.REFUSED);
    onCpu.borrow(List.of("A")).close();
    ExecutorRun run = run(Device.gpu("A"), MixedProfiles.REFUSED);
    // Without the backend the network cannot be made.
    Thread.currentThread().setContextClassLoader(loader);
    assertThatThrownBy(() -> run.borrow(List.of("A")))
        .hasMessageContaining("this build has no backend for GPUs");
    Thread.currentThread().setContextClassLoader(withGpus);
    run.borrow(List.of("A")).close();
  }

  @Test
  void cpuIsEverybodys() {
    ExecutorRun run = run(Device.cpu(), MixedProfiles.REFUSED);
    try (ExecutorRun.Loan one = run.borrow(List.of());
        ExecutorRun.Loan other = run.borrow(List.of())) {
      assertThat(one.replica()).isNotSameAs(other.replica());
    }
    run.close();
  }

  @Test
  void runOnGpusNeedsOneUnlessProfilesMayMix() {
    assertThatThrownBy(() -> run(Device.gpu("A"), MixedProfiles.REFUSED).borrow(List.of()))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("Spark assigned no GPU");
    ExecutorRun mixed = run(Device.gpu("A"), MixedProfiles.ALLOWED);
    mixed.borrow(List.of()).close();
    mixed.close();
  }

  @Test
  void otherProfileIsRefused() {
    ComputeProfile other = new ComputeProfile("another library", "gpu", "float32", 1, "a GPU");
    ExecutorRun run = run(other, MixedProfiles.REFUSED);
    assertThatThrownBy(() -> run.borrow(List.of("A")))
        .isInstanceOf(ProfileMismatchException.class)
        .hasMessageContaining("another library");
  }
}
