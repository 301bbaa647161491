package dev.convoy.trainer.training;

import dev.convoy.trainer.evaluation.Evaluation;
import dev.convoy.trainer.progress.Progress;
import java.util.Locale;

/** Shows people how the run goes. */
final class ProgressListener implements TrainingListener {

  private final Progress progress;
  private final int epochs;

  ProgressListener(Progress progress, int epochs) {
    this.progress = progress;
    this.epochs = epochs;
  }

  @Override
  public void epochStarted(int epoch, int examplesDone, int examples) {
    progress.epochStarted(epoch + 1, epochs, examplesDone, examples);
  }

  @Override
  public void roundCompleted(RoundCompleted event) {
    progress.roundCompleted(
        event.epochDone(),
        event.epochExamples(),
        event.outcome().examples() / event.outcome().seconds(),
        event.outcome().loss());
  }

  @Override
  public void epochCompleted(EpochCompleted event) {
    event.evaluation().ifPresent(evaluation -> progress.message(line(event.epoch(), evaluation)));
  }

  private static String line(int epoch, Evaluation evaluation) {
    return String.format(
        Locale.ROOT,
        "epoch %d evaluated: top-1 %.2f%%, top-5 %.2f%%, loss %.4f on %d examples",
        epoch + 1,
        100 * evaluation.top1(),
        100 * evaluation.top5(),
        evaluation.loss(),
        evaluation.examples());
  }
}
