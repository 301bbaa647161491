package dev.convoy.trainer.progress;

import java.io.PrintStream;
import java.util.Locale;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** One bar for each epoch, drawn over again in place; finished ones stay above it. */
final class BarProgress extends Progress {
  private static final int REDRAWN_MILLIS = 250;
  private static final int COLUMNS = 110;

  private final PrintStream out;
  private final Estimate estimate = new Estimate();
  private int epoch;
  private int epochs;
  private ProgressBar bar;

  BarProgress(PrintStream out) {
    this.out = out;
  }

  @Override
  public synchronized void epochStarted(
      int epoch, int epochs, long examplesDone, long examplesTotal) {
    close();
    this.epoch = epoch;
    this.epochs = epochs;
    bar =
        new ProgressBarBuilder()
            .setTaskName("epoch " + epoch + "/" + epochs)
            .setInitialMax(examplesTotal)
            .startsFrom(examplesDone, java.time.Duration.ZERO)
            .setStyle(ProgressBarStyle.ASCII)
            .setUpdateIntervalMillis(REDRAWN_MILLIS)
            .hideEta()
            .setConsumer(new ConsoleProgressBarConsumer(out, COLUMNS))
            .build();
  }

  @Override
  public synchronized void roundCompleted(
      long examplesDone, long examplesTotal, double imagesPerSecond, double loss) {
    estimate.add(imagesPerSecond);
    if (bar == null) {
      return;
    }
    long left = examplesTotal - examplesDone + (epochs - epoch) * examplesTotal;
    bar.setExtraMessage(
        String.format(
            Locale.ROOT,
            "%s, loss %.4f%s",
            estimate.speed(),
            loss,
            left > 0 ? ", " + estimate.timeLeft(left) : ""));
    bar.stepTo(examplesDone);
    if (examplesDone >= examplesTotal) {
      close();
    }
  }

  @Override
  public synchronized void message(String text) {
    if (bar == null) {
      out.println(text);
    } else {
      // The bar is redrawn below the text; the escape clears what the text does not cover.
      out.print("\r\u001b[K" + text + System.lineSeparator());
      bar.refresh();
    }
    out.flush();
  }

  @Override
  public synchronized void close() {
    if (bar != null) {
      bar.close();
      bar = null;
    }
    out.flush();
  }
}
