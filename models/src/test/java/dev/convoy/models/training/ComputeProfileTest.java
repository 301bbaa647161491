package dev.convoy.models.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ComputeProfileTest {

  @Test
  void saysWhatFixesTheArithmetic() {
    ComputeProfile profile = ComputeProfile.resolve(2, PrecisionChoice.FLOAT32);
    assertThat(profile).isEqualTo(ComputeProfile.resolve(2, PrecisionChoice.FLOAT32));
    assertThat(profile.here()).isEqualTo(profile);
    assertThat(profile.threads()).isEqualTo(2);
    assertThat(profile.precision()).isEqualTo("float32");
    assertThat(profile.backend()).contains("oneDNN 3.11");
    assertThat(profile.cpu()).isNotBlank();
  }

  @Test
  void autoIsWhatTheProcessorHas() {
    ComputeProfile profile = ComputeProfile.resolve(1, PrecisionChoice.AUTO);
    assertThat(profile.here()).isEqualTo(profile);
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
    assertThatThrownBy(() -> new ComputeProfile("b", "float16", 1, "c"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
