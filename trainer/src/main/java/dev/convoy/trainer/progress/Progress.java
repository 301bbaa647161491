package dev.convoy.trainer.progress;

import java.io.PrintStream;

/**
 * Shows how far a training is. It is told of epochs and rounds; an epoch may be entered in its
 * middle, after a resume. Methods may be called from any thread.
 */
public abstract sealed class Progress implements AutoCloseable permits PlainProgress, BarProgress {

  /** Constructed by the two forms in this package. */
  Progress() {}

  /**
   * Returns the form that suits standard error: a bar if {@code deploy/convoy} found that it is a
   * terminal, which Java cannot tell; plain lines if not, or if the terminal is dumb.
   */
  public static Progress on(PrintStream out) {
    String terminal = System.getenv().getOrDefault("TERM", "dumb");
    return Boolean.getBoolean("convoy.terminal") && !terminal.equals("dumb")
        ? bar(out)
        : plain(out);
  }

  /** Returns plain lines: one every few seconds at most, and one at the end of each epoch. */
  public static Progress plain(PrintStream out) {
    return new PlainProgress(out, System::nanoTime);
  }

  /** Returns a bar that is drawn over again on one line of a terminal. */
  public static Progress bar(PrintStream out) {
    return new BarProgress(out);
  }

  /**
   * An epoch begins, or goes on after a resume.
   *
   * @param epoch counted from 1
   * @param epochs of the training
   * @param examplesDone of this epoch, before a resume; else 0
   * @param examplesTotal of every epoch
   */
  public abstract void epochStarted(int epoch, int epochs, long examplesDone, long examplesTotal);

  /**
   * A round is done; the epoch is too if {@code examplesDone} is {@code examplesTotal}.
   *
   * @param examplesDone of this epoch
   * @param examplesTotal of every epoch
   * @param imagesPerSecond of the round, all workers together
   * @param loss mean over the round's examples
   */
  public abstract void roundCompleted(
      long examplesDone, long examplesTotal, double imagesPerSecond, double loss);

  /** Shows one line, above the bar if there is one. */
  public abstract void message(String text);

  /** Ends the display; what was shown stays. */
  @Override
  public abstract void close();
}
