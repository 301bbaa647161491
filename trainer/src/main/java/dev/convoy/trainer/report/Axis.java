package dev.convoy.trainer.report;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;

/**
 * A linear axis whose ends are ticks, at steps of 1, 2 or 5 times a power of ten.
 *
 * @param low the first tick
 * @param high the last tick, above {@code low}
 * @param step between two ticks
 */
record Axis(double low, double high, double step) {
  private static final int MOST_STEPS = 6;

  /** Returns the axis on which values from {@code smallest} to {@code largest} are seen well. */
  static Axis covering(double smallest, double largest) {
    double span = largest - smallest;
    if (!(span > Math.abs(largest) * 1e-9)) {
      // A flat line: room above and below it.
      double room = largest == 0 ? 1 : Math.abs(largest) * 0.1;
      return covering(largest - room, largest + room);
    }
    double step = niceStep(span / MOST_STEPS);
    double low = Math.floor(smallest / step + 1e-9) * step;
    double high = Math.ceil(largest / step - 1e-9) * step;
    return new Axis(low, high, step);
  }

  private static double niceStep(double least) {
    double power = Math.pow(10, Math.floor(Math.log10(least)));
    for (int factor : new int[] {1, 2, 5}) {
      if (factor * power >= least * (1 - 1e-9)) {
        return factor * power;
      }
    }
    return 10 * power;
  }

  /** Returns where a value stands: 0 at the low end, 1 at the high end. */
  double position(double value) {
    return (value - low) / (high - low);
  }

  List<Double> ticks() {
    long count = Math.round((high - low) / step);
    List<Double> ticks = new ArrayList<>();
    for (long i = 0; i <= count; i++) {
      ticks.add(low + i * step);
    }
    return ticks;
  }

  /** Returns a tick's label with the digits that the step needs: {@code 0.25}, {@code 12k}. */
  String label(double tick) {
    double largest = Math.max(Math.abs(low), Math.abs(high));
    if (largest >= 10_000) {
      return rounded(tick / 1000, step / 1000) + "k";
    }
    if (largest < 0.001) {
      int exponent = (int) Math.floor(Math.log10(largest));
      String mantissa = rounded(tick * Math.pow(10, -exponent), step * Math.pow(10, -exponent));
      return mantissa.equals("0") ? "0" : mantissa + "e" + exponent;
    }
    return rounded(tick, step);
  }

  private static String rounded(double value, double step) {
    int digits = Math.max(0, (int) Math.ceil(-Math.log10(step) - 1e-9));
    BigDecimal number = new BigDecimal(value).setScale(digits, RoundingMode.HALF_EVEN);
    return number.signum() == 0 ? "0" : number.toPlainString();
  }
}
