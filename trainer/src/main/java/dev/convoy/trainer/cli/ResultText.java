package dev.convoy.trainer.cli;

import dev.convoy.trainer.checkpoint.Checkpoint;
import dev.convoy.trainer.evaluation.ConfusionMatrix;
import dev.convoy.trainer.evaluation.Evaluation;
import dev.convoy.trainer.training.RunResult;
import java.util.Locale;

/** Results as text for people. */
final class ResultText {

  private static final int MOST_CLASSES = 30;

  private ResultText() {}

  static String of(RunResult result) {
    StringBuilder text = new StringBuilder();
    line(text, "run", result.run());
    line(
        text,
        "done",
        "%d epochs, %d rounds, %d examples in %.1f s of rounds"
            .formatted(result.epochs(), result.rounds(), result.examples(), result.seconds()));
    if (result.skippedExamples() > 0) {
      line(
          text,
          "skipped",
          "%d examples, since their workers diverged".formatted(result.skippedExamples()));
    }
    if (result.top1().isPresent()) {
      line(
          text,
          result.split().orElse(""),
          "top-1 %s, top-5 %s"
              .formatted(
                  percent(result.top1().orElseThrow()), percent(result.top5().orElseThrow())));
    }
    line(text, "parameters", result.parametersSha256());
    result.emaParametersSha256().ifPresent(digest -> line(text, "average", digest));
    line(text, "checkpoint", result.checkpoint());
    line(text, "report", result.report());
    return text.toString().stripTrailing();
  }

  static String of(Checkpoint evaluated, Evaluation evaluation) {
    StringBuilder text = new StringBuilder();
    if (evaluated.isAveraged()) {
      line(text, "weights", "their exponential moving average");
    }
    line(text, "examples", Long.toString(evaluation.examples()));
    line(text, "top-1", percent(evaluation.top1()));
    line(text, "top-5", percent(evaluation.top5()));
    line(text, "loss", "%.4f".formatted(evaluation.loss()));
    ConfusionMatrix confusion = evaluation.confusion();
    int classes = evaluation.classes().size();
    text.append("%n%-24s %9s %9s %9s%n".formatted("class", "examples", "recall", "precision"));
    for (int c = 0; c < classes; c++) {
      if (classes > MOST_CLASSES && confusion.examples(c) == 0) {
        continue; // a dataset may have some of the network's classes only
      }
      text.append(
          "%-24s %9d %9s %9s%n"
              .formatted(
                  evaluation.classes().get(c),
                  confusion.examples(c),
                  percent(confusion.recall(c)),
                  percent(confusion.precision(c))));
    }
    if (classes <= MOST_CLASSES) {
      text.append("%nconfusion matrix (rows: label, columns: most probable class)%n".formatted());
      for (int label = 0; label < classes; label++) {
        text.append("%-16.16s".formatted(evaluation.classes().get(label)));
        for (int predicted = 0; predicted < classes; predicted++) {
          text.append("%6d".formatted(confusion.count(label, predicted)));
        }
        text.append(System.lineSeparator());
      }
    }
    return text.toString().stripTrailing();
  }

  private static void line(StringBuilder text, String name, String value) {
    text.append("%-11s %s%n".formatted(name, value));
  }

  private static String percent(double share) {
    return Double.isNaN(share) ? "-" : String.format(Locale.ROOT, "%.2f%%", 100 * share);
  }
}
