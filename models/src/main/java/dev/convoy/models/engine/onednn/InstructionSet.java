package dev.convoy.models.engine.onednn;

import dev.convoy.models.engine.ir.ElementType;
import dev.convoy.models.engine.ir.Layout;
import dev.convoy.models.engine.ir.TensorType;
import java.util.Map;
import org.bytedeco.dnnl.global.dnnl;

/**
 * What the library makes of this processor, and what is decided by it.
 *
 * @param flags the library's {@code dnnl_cpu_isa_t}: one bit for each extension
 */
record InstructionSet(int flags) {
  private static final int FEWEST_INTERLEAVED_CHANNELS = 4;
  private static final double MOST_FILLING = 0.2;

  private static final Map<Integer, String> NAMES =
      Map.ofEntries(
          Map.entry(dnnl.dnnl_cpu_isa_sse41, "SSE41"),
          Map.entry(dnnl.dnnl_cpu_isa_avx, "AVX"),
          Map.entry(dnnl.dnnl_cpu_isa_avx2, "AVX2"),
          Map.entry(dnnl.dnnl_cpu_isa_avx2_vnni, "AVX2_VNNI"),
          Map.entry(dnnl.dnnl_cpu_isa_avx2_vnni_2, "AVX2_VNNI_2"),
          Map.entry(dnnl.dnnl_cpu_isa_avx512_core, "AVX512_CORE"),
          Map.entry(dnnl.dnnl_cpu_isa_avx512_core_vnni, "AVX512_CORE_VNNI"),
          Map.entry(dnnl.dnnl_cpu_isa_avx512_core_bf16, "AVX512_CORE_BF16"),
          Map.entry(dnnl.dnnl_cpu_isa_avx512_core_fp16, "AVX512_CORE_FP16"),
          Map.entry(dnnl.dnnl_cpu_isa_avx512_core_amx, "AVX512_CORE_AMX"),
          Map.entry(dnnl.dnnl_cpu_isa_avx512_core_amx_fp16, "AVX512_CORE_AMX_FP16"),
          Map.entry(dnnl.dnnl_cpu_isa_avx10_2_512, "AVX10_2_512"),
          Map.entry(dnnl.dnnl_cpu_isa_avx10_2_512_amx_2, "AVX10_2_512_AMX_2"));

  /** Of this processor, below the cap that the environment may set. */
  static InstructionSet effective() {
    return new InstructionSet(dnnl.dnnl_get_effective_cpu_isa());
  }

  private boolean has(int isa) {
    return (flags & isa) == isa;
  }

  private boolean hasAmx() {
    return has(dnnl.dnnl_cpu_isa_avx512_core_amx);
  }

  /** Channels in a block of {@link Layout#CHANNELS_BLOCKED}: a vector register of float32. */
  int block() {
    return has(dnnl.dnnl_cpu_isa_avx512_core) ? 16 : 8;
  }

  boolean isNative(ElementType element) {
    return switch (element) {
      case FLOAT32 -> true;
      case BFLOAT16 -> has(dnnl.dnnl_cpu_isa_avx512_core_bf16);
      case UINT8 -> false;
    };
  }

  /**
   * Blocks of channels: on AVX-512 without AMX they were 6% faster than channels last in
   * ResNet-50's convolutions and twice as fast in its batch norms. AMX's kernels are made for
   * channels last; that is also faster, by about as much as is saved, where much of a block would
   * be filling. An image of one to three channels is read as it is.
   */
  Layout activationLayout(TensorType image) {
    int channels = image.shape().channels();
    if (channels < FEWEST_INTERLEAVED_CHANNELS) {
      return Layout.PLAIN;
    }
    int filled = (channels + block() - 1) / block() * block();
    boolean wasteful = filled - channels > filled * MOST_FILLING;
    return hasAmx() || wasteful ? Layout.CHANNELS_LAST : Layout.CHANNELS_BLOCKED;
  }

  /** Blocks go with blocks, or with the plain image of a first convolution. */
  boolean convolves(Layout input, Layout output) {
    return input == Layout.PLAIN ? output == Layout.CHANNELS_BLOCKED : input.equals(output);
  }

  /**
   * Thinner groups had weight gradients 3 to 5 times slower on AVX-512: below 8 channels in
   * float32, below 16 in bfloat16, whose vectors are twice as long. More than that is computed for
   * nothing.
   */
  int channelsPerGroup(ElementType element) {
    return element == ElementType.BFLOAT16 ? 16 : 8;
  }

  @Override
  public String toString() {
    return NAMES.getOrDefault(flags, "0x" + Integer.toHexString(flags));
  }
}
