package dev.convoy.trainer.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** {@code convoy doctor} on a standalone cluster, well and ill. */
@ExtendWith(ReferenceRunExtension.class)
final class DoctorIT {

  /** So that the slower of them is waited for. */
  private static final String BOTH = "spark.executor.instances=2";

  @RegisterExtension private final Processes processes = new Processes();
  @TempDir private Path folder;

  @Test
  void clusterThatIsWellAndOneThatIsIll(ReferenceRun reference) throws Exception {
    StandaloneCluster cluster =
        StandaloneCluster.start(
            processes,
            folder.resolve("cluster"),
            List.of(StandaloneCluster.HOST, StandaloneCluster.OTHER_HOST));
    examineWell(cluster, reference);
    examineIll(cluster, reference);
    examineSmall(cluster, reference);
  }

  private void examineWell(StandaloneCluster cluster, ReferenceRun reference) throws Exception {
    Path run = folder.resolve("run");
    RunningProcess doctor =
        start(
            "well",
            cluster,
            reference,
            run,
            List.of(BOTH, "spark.executor.memoryOverhead=1m"),
            List.of("--set=workers=4"));
    JsonNode json = doctor.result();
    assertThat(json.path("ok").asBoolean()).as(json.toPrettyString()).isTrue();
    for (String check :
        List.of(
            "clock", "software", "profile", "gpus", "store", "dataset", "heap", "serialization")) {
      assertThat(of(json, check))
          .as(json.toPrettyString())
          .anySatisfy(
              finding -> {
                assertThat(finding.path("level").asText()).isEqualTo("ok");
                assertThat(finding.path("where").asText()).contains("all 2 executors");
              });
    }
    assertThat(of(json, "executors").get(0).path("detail").asText())
        .isEqualTo("executors: 2, slots: 2");
    assertThat(of(json, "store").get(0).path("where").asText())
        .isEqualTo("driver, all 2 executors");
    assertThat(run).isEmptyDirectory();
    JsonNode overhead = of(json, "memory").get(0);
    assertThat(overhead.path("level").asText()).as("a warning does not fail").isEqualTo("warning");
    assertThat(overhead.path("detail").asText())
        .contains("spark.executor.memoryOverhead is 1024 KiB", "does not enforce");
  }

  private void examineIll(StandaloneCluster cluster, ReferenceRun reference) throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "no folder");
    RunningProcess doctor =
        start(
            "ill",
            cluster,
            reference,
            file.resolve("run"),
            List.of(
                BOTH,
                "spark.kryoserializer.buffer.max=100k",
                "spark.executorEnv.DNNL_MAX_CPU_ISA=AVX2"),
            List.of("--set=precision=bfloat16", "--set=workers=3"));
    assertThat(doctor.exitCode()).as(doctor.story()).isEqualTo(4);
    JsonNode json = doctor.lastLine();
    assertThat(json.path("ok").asBoolean()).isFalse();
    assertFails(json, "store", "driver", "file/run");
    assertFails(json, "serialization", "driver", "Buffer overflow");
    assertFails(json, "profile", "all 2 executors", "precision is bfloat16");
    assertThat(of(json, "slots").get(0).path("detail").asText())
        .isEqualTo("workers: 3, slots: 2, waves: 2, idle in the last: 1");
    assertThat(of(json, "software").get(0).path("level").asText()).isEqualTo("ok");
  }

  /** Spark itself says nothing: its jobs would wait for ever. */
  private void examineSmall(StandaloneCluster cluster, ReferenceRun reference) throws Exception {
    RunningProcess doctor =
        start(
            "small",
            cluster,
            reference,
            folder.resolve("small-run"),
            List.of(BOTH, "spark.cores.max=2"),
            List.of("--set=threads=2"));
    assertThat(doctor.exitCode()).as(doctor.story()).isEqualTo(4);
    assertFails(doctor.lastLine(), "executors", "all 2 executors", "1 cores, but a task takes 2");
    assertThat(doctor.errors())
        .contains("has 1 cores, but a task takes 2 (threads, or spark.task.cpus)");
  }

  private static void assertFails(JsonNode json, String check, String where, String detail) {
    assertThat(of(json, check))
        .as(json.toPrettyString())
        .anySatisfy(
            finding -> {
              assertThat(finding.path("level").asText()).isEqualTo("fails");
              assertThat(finding.path("where").asText()).contains(where);
              assertThat(finding.path("detail").asText()).contains(detail);
              assertThat(finding.path("advice").asText()).isNotEmpty();
            });
  }

  private static List<JsonNode> of(JsonNode json, String check) {
    List<JsonNode> found = new ArrayList<>();
    json.path("findings").forEach(f -> found.add(f));
    return found.stream().filter(f -> f.path("check").asText().equals(check)).toList();
  }

  private RunningProcess start(
      String name,
      StandaloneCluster cluster,
      ReferenceRun reference,
      Path run,
      List<String> settings,
      List<String> options)
      throws IOException {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "doctor",
                "--config=" + reference.configuration(),
                "--set=dataset=" + reference.dataset(),
                "--set=run=" + run,
                "--json"));
    arguments.addAll(options);
    return processes.start(name, folder, cluster.submit(arguments, List.of(), settings));
  }
}
