package dev.convoy.trainer.executor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convoy.data.InvalidRequestException;
import dev.convoy.models.engine.backend.Device;
import dev.convoy.models.training.ComputeProfile;
import dev.convoy.models.training.DeviceChoice;
import dev.convoy.trainer.executor.ExecutorSettings.MixedProfiles;
import java.util.List;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;

/** Which device a task computes on. */
final class TaskDeviceTest {

  private static final ComputeProfile ON_GPU = new ComputeProfile("b", "gpu", "float32", 1, "p");
  private static final ComputeProfile ON_CPU = new ComputeProfile("b", "cpu", "float32", 1, "p");

  @Test
  void autoTakesTheGpuThatIsAssignedAndServed() {
    assertThat(TaskDevice.chosen(DeviceChoice.AUTO, List.of("A"), gpu -> true))
        .isEqualTo(Device.gpu("A"));
    assertThat(TaskDevice.chosen(DeviceChoice.AUTO, List.of("A"), gpu -> false))
        .isEqualTo(Device.cpu());
    assertThat(TaskDevice.chosen(DeviceChoice.AUTO, List.of(), gpu -> true))
        .isEqualTo(Device.cpu());
  }

  @Test
  void choiceOfCpuLeavesGpusAlone() {
    assertThat(TaskDevice.chosen(DeviceChoice.CPU, List.of("A", "B"), gpu -> true))
        .isEqualTo(Device.cpu());
  }

  @Test
  void choiceOfGpuNeedsExactlyOne() {
    assertThat(TaskDevice.chosen(DeviceChoice.GPU, List.of("A"), gpu -> false))
        .isEqualTo(Device.gpu("A"));
    assertThatThrownBy(() -> TaskDevice.chosen(DeviceChoice.GPU, List.of(), gpu -> true))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("device is gpu, but Spark assigned no GPU")
        .hasMessageContaining("spark.task.resource.gpu.amount=1");
    for (DeviceChoice choice : List.of(DeviceChoice.GPU, DeviceChoice.AUTO)) {
      assertThatThrownBy(() -> TaskDevice.chosen(choice, List.of("A", "B"), gpu -> true))
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContaining("assigned 2 GPUs to this task (A, B)");
    }
  }

  @Test
  void runDecidesForItsTasks() {
    MixedProfiles refused = MixedProfiles.REFUSED;
    assertThat(TaskDevice.of(ON_CPU, refused, List.of("A"))).isEqualTo(Device.cpu());
    assertThat(TaskDevice.of(ON_GPU, refused, List.of("A"))).isEqualTo(Device.gpu("A"));
    assertThatThrownBy(() -> TaskDevice.of(ON_GPU, refused, List.of()))
        .hasMessageContaining("the run computes on GPUs, but Spark assigned no GPU");
    assertThat(TaskDevice.of(ON_GPU, MixedProfiles.ALLOWED, List.of())).isEqualTo(Device.cpu());
  }

  @Test
  void threadOutsideOfTasksHasNoGpus() {
    assertThat(TaskDevice.gpus()).isEmpty();
  }

  @Test
  void fractionsAreShared() {
    SparkConf conf = new SparkConf(false);
    assertThat(ClusterProfile.gpusShared(conf)).isFalse();
    assertThat(ClusterProfile.gpusShared(conf.set(ClusterProfile.GPUS_OF_A_TASK, "1"))).isFalse();
    assertThat(ClusterProfile.gpusShared(conf.set(ClusterProfile.GPUS_OF_A_TASK, "0.25"))).isTrue();
  }
}
