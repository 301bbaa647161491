package dev.convoy.trainer.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ByteSizeTest {

  @ParameterizedTest
  @CsvSource({
    "512MiB, 536870912, 512MiB",
    "1.5 GiB, 1610612736, 1536MiB",
    "100MB, 100000000, 100000000B",
    "2kB, 2000, 2000B",
    "1KiB, 1024, 1KiB",
    "0B, 0, 0B",
    "3TiB, 3298534883328, 3TiB"
  })
  void sizesAreReadAndShown(String text, long bytes, String shown) {
    assertThat(ByteSize.parse(text)).isEqualTo(new ByteSize(bytes)).hasToString(shown);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"512", "", "MiB", "-1B", "1.3B", "1mib", "1 000MB", "9999999999TiB", "1e3B"})
  void whatIsNoSizeIsRefusedByItsText(String text) {
    assertThatThrownBy(() -> ByteSize.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'" + text + "'")
        .hasMessageContaining("for example 512MiB");
  }

  @Property
  void whatIsShownIsReadBack(@ForAll @LongRange(min = 0) long bytes) {
    assertThat(ByteSize.parse(new ByteSize(bytes).toString()).bytes()).isEqualTo(bytes);
  }
}
