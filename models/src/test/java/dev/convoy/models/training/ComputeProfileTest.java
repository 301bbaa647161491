package dev.convoy.models.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.nd4j.linalg.factory.Nd4j;

class ComputeProfileTest {

  @Test
  void saysWhatFixesTheArithmetic() {
    ComputeProfile profile = ComputeProfile.resolve(1);
    assertThat(profile).isEqualTo(ComputeProfile.resolve(1));
    assertThat(profile.threads()).isEqualTo(1);
    assertThat(profile.precision()).isEqualTo("float32");
    assertThat(profile.backend()).contains("Cpu").contains("OpenBLAS");
    assertThat(profile.cpu()).isNotBlank();
    assertThat(profile.instructionSet()).isNotBlank();
    assertThat(Nd4j.getEnvironment().maxThreads()).isEqualTo(1);
  }

  @Test
  void aSecondNumberOfThreadsIsRefused() {
    ComputeProfile.resolve(1);
    assertThatThrownBy(() -> ComputeProfile.resolve(2))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("computes with 1 threads")
        .hasMessageContaining("also compute with 2");
    assertThat(Nd4j.getEnvironment().maxThreads()).isEqualTo(1);
    assertThatThrownBy(() -> ComputeProfile.resolve(0)).hasMessageContaining("threads is 0");
  }
}
