package dev.convoy.models.engine.onednn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.models.engine.ir.ElementType;
import dev.convoy.models.engine.ir.Layout;
import dev.convoy.models.engine.ir.Shape;
import dev.convoy.models.engine.ir.TensorType;
import org.bytedeco.dnnl.global.dnnl;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InstructionSetTest {

  @ParameterizedTest
  @CsvSource({
    "3, PLAIN, PLAIN, PLAIN",
    "6, CHANNELS_LAST, CHANNELS_LAST, CHANNELS_LAST",
    "8, CHANNELS_BLOCKED, CHANNELS_LAST, CHANNELS_LAST",
    "24, CHANNELS_BLOCKED, CHANNELS_LAST, CHANNELS_LAST",
    "60, CHANNELS_BLOCKED, CHANNELS_BLOCKED, CHANNELS_LAST",
    "64, CHANNELS_BLOCKED, CHANNELS_BLOCKED, CHANNELS_LAST",
  })
  void choosesTheLayoutByProcessorAndChannels(
      int channels, Layout.Standard avx2, Layout.Standard avx512, Layout.Standard amx) {
    TensorType image = TensorType.plain(Shape.of(2, channels, 8, 8));
    assertThat(of(dnnl.dnnl_cpu_isa_avx2).activationLayout(image)).isEqualTo(avx2);
    assertThat(of(dnnl.dnnl_cpu_isa_avx512_core_bf16).activationLayout(image)).isEqualTo(avx512);
    assertThat(of(dnnl.dnnl_cpu_isa_avx512_core_amx).activationLayout(image)).isEqualTo(amx);
  }

  @Test
  void knowsWhoComputesInBfloat16() {
    assertThat(of(dnnl.dnnl_cpu_isa_avx512_core).isNative(ElementType.BFLOAT16)).isFalse();
    assertThat(of(dnnl.dnnl_cpu_isa_avx512_core_bf16).isNative(ElementType.BFLOAT16)).isTrue();
    assertThat(of(dnnl.dnnl_cpu_isa_avx512_core_amx).isNative(ElementType.BFLOAT16)).isTrue();
    assertThat(of(dnnl.dnnl_cpu_isa_avx2).isNative(ElementType.FLOAT32)).isTrue();
  }

  @Test
  void hasAName() {
    assertThat(of(dnnl.dnnl_cpu_isa_avx512_core_bf16)).hasToString("AVX512_CORE_BF16");
    assertThat(of(0x12345)).hasToString("0x12345");
  }

  private static InstructionSet of(int flags) {
    return new InstructionSet(flags);
  }
}
