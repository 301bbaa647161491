package dev.convoy.models.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convoy.models.InvalidModelException;
import dev.convoy.models.state.NamedTensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafetensorsFileTest {

  @Test
  void readsWhatItWroteToTheBit() {
    SortedMap<String, NamedTensor> tensors = sample();
    byte[] file = SafetensorsFile.write(tensors, Map.of("format", "pt", "who", "naïve \"x\""));
    SafetensorsFile read = SafetensorsFile.read(file);
    assertThat(read.tensors()).isEqualTo(tensors);
    assertThat(read.metadata())
        .containsExactly(Map.entry("format", "pt"), Map.entry("who", "naïve \"x\""));
    assertThat(SafetensorsFile.write(read.tensors(), read.metadata())).isEqualTo(file);
  }

  @Test
  void writesTheBytesOfTheFormat() {
    SortedMap<String, NamedTensor> tensors = new TreeMap<>();
    tensors.put("b", new NamedTensor(new int[] {1, 2}, new float[] {1f, -2f}));
    tensors.put("a", new NamedTensor(new int[] {}, new float[] {0.5f}));
    byte[] file = SafetensorsFile.write(tensors, Map.of());
    String header =
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[0,4]},"
            + "\"b\":{\"dtype\":\"F32\",\"shape\":[1,2],\"data_offsets\":[4,12]}}";
    ByteBuffer buffer = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    int length = (int) buffer.getLong();
    assertThat(length % 8).isZero();
    byte[] json = new byte[length];
    buffer.get(json);
    assertThat(new String(json, StandardCharsets.UTF_8).stripTrailing()).isEqualTo(header);
    assertThat(buffer.getFloat()).isEqualTo(0.5f);
    assertThat(buffer.getFloat()).isEqualTo(1f);
    assertThat(buffer.getFloat()).isEqualTo(-2f);
    assertThat(buffer.hasRemaining()).isFalse();
  }

  @Test
  void keepsNotANumberAndEmptyTensors() {
    SortedMap<String, NamedTensor> tensors = new TreeMap<>();
    tensors.put("empty", new NamedTensor(new int[] {0, 3}, new float[0]));
    tensors.put("nan", new NamedTensor(new int[] {2}, new float[] {Float.NaN, -0f}));
    assertThat(SafetensorsFile.read(SafetensorsFile.write(tensors, Map.of())).tensors())
        .isEqualTo(tensors);
  }

  @Test
  void halfFloatsBecomeFloatsExactly() {
    String header =
        "{\"h\":{\"dtype\":\"F16\",\"shape\":[8],\"data_offsets\":[0,16]},"
            + "\"b\":{\"dtype\":\"BF16\",\"shape\":[3],\"data_offsets\":[16,22]},"
            + "\"bn.num_batches_tracked\":"
            + "{\"dtype\":\"I64\",\"shape\":[],\"data_offsets\":[22,30]}}";
    byte[] file = file(header, 30);
    ByteBuffer data =
        ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).position(file.length - 30);
    for (int bits : new int[] {0x3c00, 0xc000, 0x7bff, 0x0001, 0x8000, 0x0400, 0x7c00, 0xfe00}) {
      data.putShort((short) bits);
    }
    for (int bits : new int[] {0x3f80, 0xc2f7, 0x0001}) {
      data.putShort((short) bits);
    }
    SortedMap<String, NamedTensor> read = SafetensorsFile.read(file).tensors();
    assertThat(read).containsOnlyKeys("h", "b");
    assertThat(read.get("h").values())
        .containsExactly(
            1f, -2f, 65504f, 0x1p-24f, -0f, 0x1p-14f, Float.POSITIVE_INFINITY, Float.NaN);
    assertThat(read.get("b").values()).containsExactly(1f, -123.5f, Float.intBitsToFloat(1 << 16));
  }

  @Test
  void everyHalfFloatIsWhatItsFormulaSays() {
    byte[] file =
        file("{\"h\":{\"dtype\":\"F16\",\"shape\":[65536],\"data_offsets\":[0,131072]}}", 131072);
    ByteBuffer data =
        ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).position(file.length - 131072);
    for (int bits = 0; bits < 65536; bits++) {
      data.putShort((short) bits);
    }
    float[] values = SafetensorsFile.read(file).tensors().get("h").values();
    for (int bits = 0; bits < 65536; bits++) {
      int exponent = (bits >> 10) & 0x1f;
      int fraction = bits & 0x3ff;
      double magnitude =
          exponent == 31
              ? (fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN)
              : exponent == 0
                  ? fraction * 0x1p-24
                  : (1 + fraction / 1024.0) * Math.pow(2, exponent - 15);
      float expected = (float) (bits < 32768 ? magnitude : -magnitude);
      assertThat(Float.compare(values[bits], expected)).as("%x", bits).isZero();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"a\":{\"dtype\":\"F64\",\"shape\":[1],\"data_offsets\":[0,8]}} | 8 | tensor a is of type F64",
        "{\"a\":{\"dtype\":\"I64\",\"shape\":[1],\"data_offsets\":[0,8]}} | 8 | tensor a is of type I64",
        "{\"a\":{\"dtype\":\"F16\",\"shape\":[1],\"data_offsets\":[0,4]}} | 4 | needs 2 bytes",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]}} | 4 | needs 8 bytes",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}} | 8 | the file holds 8",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}} | 3 | 0 to 3",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}} | 8 | hole",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},"
            + "\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}} | 8 | overlaps",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},"
            + "\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}} | 8 | Duplicate",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,4]}} | 4 | -1",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[65536,65536,65536,65536],\"data_offsets\":[0,0]}} | 0"
            + " | too large",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1.5],\"data_offsets\":[0,4]}} | 4 | 1.5",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,99999999999]}} | 4 | 99999999999",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4],\"x\":1}} | 4 | exactly",
        "{\"a\":7} | 0 | exactly",
        "{\"__metadata__\":{\"x\":1}} | 0 | not a string",
        "{\"__metadata__\":{}}{} | 0 | JSON",
        "{\"a\": | 0 | JSON",
        "[] | 0 | begin",
      })
  void refusesAndSaysWhy(String header, int dataBytes, String reason) {
    assertThatThrownBy(() -> SafetensorsFile.read(file(header, dataBytes)))
        .isInstanceOf(InvalidModelException.class)
        .hasMessageContaining(reason);
  }

  @Test
  void refusesEveryTruncation() {
    byte[] file = SafetensorsFile.write(sample(), Map.of());
    for (int length = 0; length < file.length; length++) {
      byte[] cut = Arrays.copyOf(file, length);
      assertThatThrownBy(() -> SafetensorsFile.read(cut))
          .as("%d of %d bytes", length, file.length)
          .isInstanceOf(InvalidModelException.class);
    }
  }

  @Test
  void refusesAHeaderLengthBeyondTheLimitWithoutAllocatingIt() {
    for (long length : new long[] {100_000_001, Long.MAX_VALUE, -1, 0}) {
      byte[] file = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN).putLong(length).array();
      assertThatThrownBy(() -> SafetensorsFile.read(file))
          .isInstanceOf(InvalidModelException.class)
          .hasMessageContaining("has to be between");
    }
  }

  @Test
  void survivesDamage() {
    mutate(5_000);
  }

  @Test
  @Tag("full")
  void survivesMuchDamage() {
    mutate(1_000_000);
  }

  /** Whatever bytes are changed: a clean refusal, or tensors that fill the file's data exactly. */
  private static void mutate(int rounds) {
    byte[] sound = SafetensorsFile.write(sample(), Map.of("format", "pt"));
    Random random = new Random(42);
    int refused = 0;
    for (int round = 0; round < rounds; round++) {
      byte[] damaged = sound.clone();
      int changes = 1 + random.nextInt(4);
      for (int i = 0; i < changes; i++) {
        int bound = random.nextInt(4) == 0 ? 8 : damaged.length;
        damaged[random.nextInt(bound)] = (byte) random.nextInt(256);
      }
      if (random.nextInt(8) == 0) {
        damaged = Arrays.copyOf(damaged, random.nextInt(2 * damaged.length));
      }
      try {
        SafetensorsFile read = SafetensorsFile.read(damaged);
        long floats = read.tensors().values().stream().mapToLong(t -> t.values().length).sum();
        long header = ByteBuffer.wrap(damaged).order(ByteOrder.LITTLE_ENDIAN).getLong();
        assertThat(8 + header + 4 * floats).isEqualTo(damaged.length);
      } catch (InvalidModelException expected) {
        refused++;
      }
    }
    assertThat(refused).isGreaterThan(rounds / 3);
  }

  private static byte[] file(String header, int dataBytes) {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(8 + json.length + dataBytes)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(json.length)
        .put(json)
        .array();
  }

  private static SortedMap<String, NamedTensor> sample() {
    SortedMap<String, NamedTensor> tensors = new TreeMap<>();
    tensors.put("fc.weight", new NamedTensor(new int[] {2, 3}, new float[] {1, 2, 3, 4, 5, 6}));
    tensors.put("fc.bias", new NamedTensor(new int[] {2}, new float[] {0.1f, -1e-40f}));
    tensors.put("layer1.0.bn1.running_var", new NamedTensor(new int[] {1}, new float[] {7}));
    return tensors;
  }
}
