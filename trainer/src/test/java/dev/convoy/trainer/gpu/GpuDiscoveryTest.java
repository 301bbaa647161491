package dev.convoy.trainer.gpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.resource.ResourceInformation;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code deploy/gpu-discovery.sh}, with an nvidia-smi that is none. */
final class GpuDiscoveryTest {

  private static final String ONE = "GPU-5d5ba0d6-d33d-2b2c-524d-9e3d8d2b8a77";
  private static final String TWO = "GPU-6d5ba0d6-d33d-2b2c-524d-9e3d8d2b8a77";

  @TempDir private Path folder;
  private PretendedDriver driver;

  @BeforeEach
  void install() throws IOException {
    driver = new PretendedDriver(folder.resolve("bin"));
    // Nothing else is on the PATH: a machine that has GPUs runs the same test.
    for (String program : new String[] {"bash", "cat"}) {
      Files.createSymbolicLink(driver.folder().resolve(program), Path.of("/bin", program));
    }
  }

  private record Ended(int code, String out, String err) {}

  private Ended discover() throws IOException, InterruptedException {
    Path out = folder.resolve("out");
    Path err = folder.resolve("err");
    ProcessBuilder script =
        new ProcessBuilder(PretendedDriver.discoveryScript().toString())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    script.environment().put("PATH", driver.folder().toString());
    int code = script.start().waitFor();
    return new Ended(
        code,
        Files.readString(out, StandardCharsets.UTF_8),
        Files.readString(err, StandardCharsets.UTF_8));
  }

  private String[] addresses() throws IOException, InterruptedException {
    Ended ended = discover();
    assertThat(ended.code()).as(ended.err()).isZero();
    assertThat(ended.out().lines()).hasSize(1);
    ResourceInformation found = ResourceInformation.parseJson(ended.out());
    assertThat(found.name()).isEqualTo("gpu");
    return found.addresses();
  }

  @Test
  void sparkReadsTheUuidsOfAllGpus() throws Exception {
    driver.lists(ONE, TWO);
    assertThat(addresses()).containsExactly(ONE, TWO);
  }

  @Test
  void partsOfAGpuStandInItsPlace() throws Exception {
    driver.says(
        """
        GPU 0: NVIDIA A100-SXM4-40GB (UUID: %s)
          MIG 3g.20gb     Device  0: (UUID: MIG-c6d4f1ef-42e4-5de3-91c7-45d71c87eb3f)
          MIG 3g.20gb     Device  1: (UUID: MIG-GPU-c6d4f1ef-42e4-5de3-91c7-45d71c87eb3f/1/0)
        GPU 1: NVIDIA A100-SXM4-40GB (UUID: %s)"""
            .formatted(ONE, TWO),
        0);
    assertThat(addresses())
        .containsExactly(
            "MIG-c6d4f1ef-42e4-5de3-91c7-45d71c87eb3f",
            "MIG-GPU-c6d4f1ef-42e4-5de3-91c7-45d71c87eb3f/1/0",
            TWO);
  }

  @Test
  void machineWithoutDriverOrGpuIsSaid() throws Exception {
    assertRefused("there is no nvidia-smi on the PATH; install NVIDIA's driver");
    driver.says("No devices were found", 0);
    assertRefused("lists no GPU; it said: No devices were found");
    driver.says("NVIDIA-SMI has failed because it couldn't communicate", 9);
    assertRefused("nvidia-smi -L failed: NVIDIA-SMI has failed");
  }

  private void assertRefused(String reason) throws IOException, InterruptedException {
    Ended ended = discover();
    assertThat(ended.code()).isEqualTo(1);
    assertThat(ended.out()).isEmpty();
    assertThat(ended.err()).startsWith("gpu-discovery: ").contains(reason);
  }
}
