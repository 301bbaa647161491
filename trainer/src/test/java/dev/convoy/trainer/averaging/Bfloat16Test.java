package dev.convoy.trainer.averaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Rounding to bfloat16, against exact decimal arithmetic, and what lies beyond its numbers. */
final class Bfloat16Test {

  private static final float LARGEST = Float.intBitsToFloat(0x7F7F0000);
  private static final double LAST_STEP = 0x1p120;

  @Test
  void everyNumberOfItsOwnStaysAsItIs() {
    for (int bits = 0; bits < 1 << 16; bits++) {
      float value = Bfloat16.toFloat((short) bits);
      if (Float.isNaN(value)) {
        assertThat(Bfloat16.toFloat(Bfloat16.of(value))).isNaN();
      } else {
        assertThat(Bfloat16.of(value)).isEqualTo((short) bits);
      }
      assertThat(Bfloat16.isFinite((short) bits)).isEqualTo(Float.isFinite(value));
    }
  }

  @Property(tries = 5000)
  void nearestIsTakenAndOfTwoTheEvenOne(@ForAll int bits) {
    float value = Float.intBitsToFloat(bits);
    if (Float.isNaN(value) || Math.abs(value) > LARGEST) {
      return;
    }
    short rounded = Bfloat16.of(value);
    float below = Float.intBitsToFloat(bits & 0xFFFF0000); // towards 0
    int above = (bits & 0xFFFF0000) + 0x10000;
    BigDecimal exact = new BigDecimal(value);
    BigDecimal down = exact.subtract(new BigDecimal(below)).abs();
    // One step beyond the largest number is as far away as the step before it.
    BigDecimal step =
        Math.abs(below) == LARGEST
            ? new BigDecimal(LAST_STEP)
            : new BigDecimal(Float.intBitsToFloat(above)).subtract(new BigDecimal(below)).abs();
    int order = down.add(down).compareTo(step);
    boolean up = order > 0 || (order == 0 && (bits & 0x10000) != 0);
    assertThat(rounded).isEqualTo((short) ((up ? above : bits) >>> 16));
  }

  @Test
  void tiesGoToTheEvenNumber() {
    assertThat(round(1 + 0x1p-8f)).isEqualTo(1f);
    assertThat(round(1 + 3 * 0x1p-8f)).isEqualTo(1 + 2 * 0x1p-7f);
    assertThat(round(Math.nextUp(1 + 0x1p-8f))).isEqualTo(1 + 0x1p-7f);
    assertThat(round(-1 - 0x1p-8f)).isEqualTo(-1f);
  }

  @Test
  void subnormalNumbersAndSignedZerosAreKept() {
    assertThat(Float.floatToRawIntBits(round(-0f))).isEqualTo(0x80000000);
    float smallest = Float.intBitsToFloat(0x00010000);
    assertThat(round(smallest)).isEqualTo(smallest);
    assertThat(round(Float.MIN_VALUE)).isZero();
  }

  @Test
  void tooLargeNumbersBecomeInfinitiesAndNaNStays() {
    assertThat(round(LARGEST)).isEqualTo(LARGEST);
    float halfway = Float.intBitsToFloat(0x7F7F8000);
    assertThat(round(Math.nextDown(halfway))).isEqualTo(LARGEST);
    assertThat(round(halfway)).isEqualTo(Float.POSITIVE_INFINITY);
    assertThat(round(-Float.MAX_VALUE)).isEqualTo(Float.NEGATIVE_INFINITY);
    assertThat(round(Float.POSITIVE_INFINITY)).isEqualTo(Float.POSITIVE_INFINITY);
    for (int nan : new int[] {0x7F800001, 0x7FFFFFFF, 0xFF800001, 0xFFFFFFFF}) {
      assertThat(round(Float.intBitsToFloat(nan))).isNaN();
    }
  }

  @Test
  void differencesThatAreTooLargeAreInfinities() {
    assertThat(difference(0, LARGEST)).isEqualTo(LARGEST);
    assertThat(difference(0, Float.MAX_VALUE)).isEqualTo(Float.POSITIVE_INFINITY);
    assertThat(difference(-Float.MAX_VALUE, Float.MAX_VALUE)).isEqualTo(Float.POSITIVE_INFINITY);
    assertThat(difference(0, Float.NaN)).isNaN();
  }

  private static float difference(float from, float to) {
    float[] start = {9, from};
    float[] end = {9, to};
    return Bfloat16.toFloat(Bfloat16Differences.values(start, end, 1, 1)[0]);
  }

  private static float round(float value) {
    return Bfloat16.toFloat(Bfloat16.of(value));
  }
}
