package dev.convoy.trainer.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Settings of oneDNN and OpenMP that a user's environment may hold. */
@ExtendWith(ReferenceRunExtension.class)
final class EnvironmentIT {

  private static final int INVALID = 2;

  @RegisterExtension private final Processes processes = new Processes();
  @TempDir private Path folder;

  @Test
  void fewerThreadsThanAskedForAreSaid() throws Exception {
    RunningProcess bench = bench("OMP_THREAD_LIMIT=1", "--threads=2");
    assertThat(bench.exitCode()).as(bench::story).isEqualTo(INVALID);
    assertThat(bench.errors()).contains("threads is 2, but OMP_THREAD_LIMIT allows this process 1");
  }

  @Test
  void threadsAreNotFewerOnBusyMachine() throws Exception {
    String machine = bench("OMP_DYNAMIC=true", "--threads=2").result().path("machine").asText();
    assertThat(machine).contains("threads=2");
  }

  @Test
  void bfloat16IsRefusedWhereTheInstructionsAreCapped() throws Exception {
    RunningProcess bench = bench("DNNL_MAX_CPU_ISA=AVX2", "--precision=bfloat16");
    assertThat(bench.exitCode()).as(bench::story).isEqualTo(INVALID);
    assertThat(bench.errors()).contains("does not compute in", "AVX2", "float32 or auto");
  }

  @Test
  void autoIsFloat32WhereTheInstructionsAreCapped() throws Exception {
    String machine = bench("DNNL_MAX_CPU_ISA=AVX2", "--precision=auto").result().toString();
    assertThat(machine).contains("AVX2", "precision=float32");
  }

  @Test
  void executorsWithoutBfloat16EvaluateInFloat32(ReferenceRun reference) throws Exception {
    // The driver may have bfloat16; its executor has not.
    JsonNode result =
        processes
            .start(
                "evaluate",
                folder,
                Distribution.convoy(
                    "evaluate",
                    "--checkpoint=" + reference.run(),
                    "--dataset=" + reference.dataset(),
                    "--split=train",
                    "--master=local-cluster[1,1,1024]",
                    "--conf=spark.executorEnv.DNNL_MAX_CPU_ISA=AVX2",
                    "--json"))
            .result();
    assertThat(result.path("top1").asDouble()).isGreaterThan(0.5);
  }

  private RunningProcess bench(String variable, String option) throws Exception {
    List<String> command = new ArrayList<>(List.of("env", variable));
    command.addAll(
        Distribution.convoy(
            "bench",
            "engine",
            "--model=resnet20_cifar",
            "--batch=4",
            "--seconds=1",
            "--json",
            option));
    return processes.start("bench", folder, command);
  }
}
