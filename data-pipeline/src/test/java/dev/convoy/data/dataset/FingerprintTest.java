package dev.convoy.data.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convoy.data.storage.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

final class FingerprintTest {
  private static final byte[] IMAGE = Sha256.of("image");

  @Test
  void isTheStatedEncoding() {
    Fingerprint fingerprint = new Fingerprint();
    fingerprint.add("é/1", "é", IMAGE);
    fingerprint.add("é/2", "é", IMAGE);
    java.io.ByteArrayOutputStream bytes = new java.io.ByteArrayOutputStream();
    for (char number : new char[] {'1', '2'}) {
      bytes.writeBytes(new byte[] {0, 0, 0, 4, (byte) 0xC3, (byte) 0xA9, '/', (byte) number});
      bytes.writeBytes(new byte[] {0, 0, 0, 2, (byte) 0xC3, (byte) 0xA9});
      bytes.writeBytes(IMAGE);
    }
    assertThat(fingerprint.hex()).isEqualTo(Sha256.hex(Sha256.of(bytes.toByteArray())));
  }

  @Test
  void refusesIdsThatDoNotAscend() {
    Fingerprint fingerprint = new Fingerprint();
    fingerprint.add("b", "x", IMAGE);
    assertThatThrownBy(() -> fingerprint.add("b", "x", IMAGE))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> fingerprint.add("a", "x", IMAGE))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Property
  void utf8OrderIsTheOrderOfTheBytes(@ForAll String a, @ForAll String b) {
    // Unpaired surrogates have no UTF-8.
    String left = new String(a.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    String right = new String(b.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    int expected =
        Arrays.compareUnsigned(
            left.getBytes(StandardCharsets.UTF_8), right.getBytes(StandardCharsets.UTF_8));
    assertThat(Integer.signum(Utf8Order.COMPARATOR.compare(left, right)))
        .isEqualTo(Integer.signum(expected));
  }

  @Test
  void utf8OrderDiffersFromJavasBeyondTheFirstPlane() {
    assertThat(Utf8Order.COMPARATOR.compare("\uFF5E", "\uD83D\uDE00")).isNegative();
    assertThat("\uFF5E".compareTo("\uD83D\uDE00")).isPositive();
  }
}
