package dev.convoy.models.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convoy.models.engine.backend.Device;
import org.junit.jupiter.api.Test;

class ComputeProfileTest {

  @Test
  void saysWhatFixesTheArithmetic() {
    ComputeProfile profile = ComputeProfile.resolve(2, PrecisionChoice.FLOAT32);
    assertThat(profile).isEqualTo(ComputeProfile.resolve(2, PrecisionChoice.FLOAT32));
    assertThat(profile.on(Device.cpu())).isEqualTo(profile);
    assertThat(profile.threads()).isEqualTo(2);
    assertThat(profile.precision()).isEqualTo("float32");
    assertThat(profile.backend()).contains("oneDNN 3.11");
    assertThat(profile.processor()).isNotBlank();
  }

  @Test
  void autoIsWhatTheProcessorHas() {
    ComputeProfile profile = ComputeProfile.resolve(1, PrecisionChoice.AUTO);
    assertThat(profile.on(Device.cpu())).isEqualTo(profile);
    if (profile.precision().equals("float32")) {
      assertThatThrownBy(() -> ComputeProfile.resolve(1, PrecisionChoice.BFLOAT16))
          .hasMessageContaining("float32 or auto");
    } else {
      assertThat(ComputeProfile.resolve(1, PrecisionChoice.BFLOAT16)).isEqualTo(profile);
    }
  }

  @Test
  void noThreadsAreRefused() {
    assertThatThrownBy(() -> ComputeProfile.resolve(0, PrecisionChoice.AUTO))
        .hasMessageContaining("threads");
    assertThatThrownBy(() -> new ComputeProfile("b", "cpu", "float16", 1, "c"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new ComputeProfile("b", "tpu", "float32", 1, "c"))
        .hasMessageContaining("cpu or gpu");
  }

  @Test
  void deviceWithoutBackendIsRefused() {
    Device gpu = Device.gpu("GPU-5d5ba0d6");
    String refusal = "this build has no backend for GPUs (it has: oneDNN for CPUs)";
    assertThatThrownBy(() -> ComputeProfile.resolve(gpu, 1, PrecisionChoice.AUTO))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(refusal);
    ComputeProfile profile = new ComputeProfile("b", "gpu", "float32", 1, "c");
    assertThatThrownBy(() -> Replicas.on(profile, gpu)).hasMessageContaining(refusal);
  }

  @Test
  void replicaIsOnTheDeviceOfItsProfile() {
    assertThatThrownBy(() -> Replicas.on(Replicas.PROFILE, Device.gpu("0")))
        .hasMessage("the profile is one of a cpu, the device is GPU 0");
  }
}
