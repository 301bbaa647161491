package dev.convoy.trainer.progress;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.function.LongSupplier;

/** Plain lines for logs and pipes. */
final class PlainProgress extends Progress {
  static final Duration BETWEEN_LINES = Duration.ofSeconds(5);

  private final PrintStream out;
  private final LongSupplier nanoTime;
  private final Estimate estimate = new Estimate();
  private int epoch;
  private int epochs;
  private long lastLine;

  PlainProgress(PrintStream out, LongSupplier nanoTime) {
    this.out = out;
    this.nanoTime = nanoTime;
    this.lastLine = nanoTime.getAsLong();
  }

  @Override
  public synchronized void epochStarted(
      int epoch, int epochs, long examplesDone, long examplesTotal) {
    this.epoch = epoch;
    this.epochs = epochs;
    if (examplesDone > 0) {
      message(
          String.format(
              Locale.ROOT,
              "epoch %d/%d goes on after %,d of %,d images",
              epoch,
              epochs,
              examplesDone,
              examplesTotal));
    }
  }

  @Override
  public synchronized void roundCompleted(
      long examplesDone, long examplesTotal, double imagesPerSecond, double loss) {
    estimate.add(imagesPerSecond);
    boolean epochDone = examplesDone >= examplesTotal;
    long now = nanoTime.getAsLong();
    if (!epochDone && now - lastLine < BETWEEN_LINES.toNanos()) {
      return;
    }
    lastLine = now;
    long left = examplesTotal - examplesDone + (epochs - epoch) * examplesTotal;
    message(
        String.format(
            Locale.ROOT,
            "epoch %d/%d  %s (%,d of %,d images)  %s  loss %.4f%s",
            epoch,
            epochs,
            epochDone ? "done" : percent(examplesDone, examplesTotal),
            examplesDone,
            examplesTotal,
            estimate.speed(),
            loss,
            left > 0 ? "  " + estimate.timeLeft(left) : ""));
  }

  /** Rounded down: what is not done is never shown as 100%. */
  private static String percent(long done, long total) {
    return Math.floorDiv(done * 100, total) + "%";
  }

  @Override
  public synchronized void message(String text) {
    out.println(text);
    out.flush();
  }

  @Override
  public synchronized void close() {
    out.flush();
  }
}
