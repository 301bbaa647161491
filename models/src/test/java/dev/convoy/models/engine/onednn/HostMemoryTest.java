package dev.convoy.models.engine.onednn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.bytedeco.javacpp.FloatPointer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostMemoryTest {

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 100_000, 20_000_003})
  void isZeroedAlignedAndWritableToItsEnd(long bytes) {
    try (HostMemory memory = new HostMemory(bytes)) {
      assertThat(memory.bytes()).isEqualTo(bytes);
      long alignment = bytes > 10_000_000 ? HugePages.BYTES : HostMemory.ALIGNMENT;
      assertThat(memory.address() % alignment).isZero();
      int floats = (int) (bytes / Float.BYTES);
      float[] values = new float[floats];
      FloatPointer pointer = new FloatPointer(new Address(memory.address()));
      pointer.get(values, 0, floats);
      float sum = 0;
      for (float value : values) {
        sum += Math.abs(value);
      }
      assertThat(sum).isZero();
      pointer.put(values, 0, floats);
    }
  }

  @Test
  void refusesNonsense() {
    assertThatThrownBy(() -> new HostMemory(-1)).hasMessageContaining("0 or more");
    HostMemory closed = new HostMemory(1);
    closed.close();
    closed.close();
    assertThatThrownBy(closed::address).hasMessageContaining("freed");
  }
}
