package dev.convoy.trainer.progress;

import java.time.Duration;
import java.util.Locale;

/**
 * A smoothed speed and the time that the rest of the training will take at it. Rounds differ (the
 * first warms caches), so the speed is an exponential average that a tenth of each new round
 * enters.
 */
final class Estimate {
  private static final double SHARE_OF_A_ROUND = 0.1;

  private double imagesPerSecond = Double.NaN;

  void add(double roundImagesPerSecond) {
    if (!(roundImagesPerSecond > 0) || Double.isInfinite(roundImagesPerSecond)) {
      return;
    }
    imagesPerSecond =
        Double.isNaN(imagesPerSecond)
            ? roundImagesPerSecond
            : imagesPerSecond + SHARE_OF_A_ROUND * (roundImagesPerSecond - imagesPerSecond);
  }

  String speed() {
    if (Double.isNaN(imagesPerSecond)) {
      return "speed unknown";
    }
    return String.format(
        Locale.ROOT, imagesPerSecond < 10 ? "%.1f images/s" : "%,.0f images/s", imagesPerSecond);
  }

  /** Returns words for the time that so many examples take, for example {@code 1 h 05 min left}. */
  String timeLeft(long examples) {
    if (Double.isNaN(imagesPerSecond)) {
      return "time left unknown";
    }
    return words(Duration.ofSeconds((long) Math.ceil(examples / imagesPerSecond))) + " left";
  }

  static String words(Duration time) {
    if (time.toHours() >= 1) {
      return String.format(Locale.ROOT, "%d h %02d min", time.toHours(), time.toMinutesPart());
    }
    if (time.toMinutes() >= 1) {
      return String.format(Locale.ROOT, "%d min %02d s", time.toMinutes(), time.toSecondsPart());
    }
    return time.toSeconds() + " s";
  }
}
