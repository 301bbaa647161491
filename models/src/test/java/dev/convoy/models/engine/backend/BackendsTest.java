package dev.convoy.models.engine.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class BackendsTest {
  private static final Device GPU = Device.gpu("GPU-5d5ba0d6");

  /** A provider for one kind of device; it opens nothing. */
  private record Named(String name, String kind) implements BackendProvider {
    @Override
    public boolean serves(Device device) {
      return device.kind().equals(kind);
    }

    @Override
    public String model(Device device) {
      return name + "'s " + device;
    }

    @Override
    public Backend open(Device device, int threads) {
      throw new UnsupportedOperationException(name);
    }
  }

  @Test
  void thisBuildComputesOnTheCpu() {
    Backends build = Backends.ofThisBuild();
    assertThat(build.serve(Device.cpu())).isTrue();
    assertThat(build.serve(GPU)).isFalse();
    BackendProvider provider = build.provider(Device.cpu());
    assertThat(provider.model(Device.cpu())).isNotBlank();
    assertThat(provider.open(Device.cpu(), 2).threads()).isEqualTo(2);
  }

  @Test
  void deviceDecidesTheProvider() {
    Backends both = new Backends(List.of(new Named("A", "cpu"), new Named("B", "gpu")));
    assertThat(both.provider(Device.cpu()).name()).isEqualTo("A");
    assertThat(both.provider(GPU).model(GPU)).isEqualTo("B's GPU GPU-5d5ba0d6");
  }

  @Test
  void noneOrSeveralForADeviceAreRefused() {
    Named one = new Named("A for GPUs", "gpu");
    assertThatThrownBy(() -> new Backends(List.of(one)).provider(Device.cpu()))
        .hasMessageContaining("this build has no backend for CPUs (it has: A for GPUs)");
    assertThatThrownBy(() -> new Backends(List.of()).provider(GPU))
        .hasMessageContaining("it has: none");
    assertThatThrownBy(
            () -> new Backends(List.of(one, new Named("B for GPUs", "gpu"))).provider(GPU))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("several backends for GPUs: A for GPUs, B for GPUs");
  }

  @Test
  void addressOfGpuIsNotEmpty() {
    assertThatThrownBy(() -> Device.gpu(" ")).hasMessageContaining("nvidia-smi -L");
  }
}
