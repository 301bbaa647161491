package dev.convoy.trainer.training;

import dev.convoy.data.dataset.Split;
import dev.convoy.trainer.evaluation.ConfusionMatrix;
import dev.convoy.trainer.evaluation.Evaluation;
import dev.convoy.trainer.report.EpochPoint;
import dev.convoy.trainer.report.Provenance;
import dev.convoy.trainer.report.ReportData;
import dev.convoy.trainer.report.RoundPoint;
import dev.convoy.trainer.report.RunReport;
import dev.convoy.trainer.report.Score;
import dev.convoy.trainer.run.MetricsLog;
import dev.convoy.trainer.run.RunRecord;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Gathers what a run's report shows. */
final class ReportOfRun {

  private ReportOfRun() {}

  static String html(
      TrainingSetup setup,
      RunRecord record,
      MetricsLog metrics,
      Optional<Evaluation> last,
      RunResult result,
      Instant finished) {
    double examples = setup.manifest().examples(Split.TRAIN);
    ReportData data =
        new ReportData(
            result.run(),
            setup.model().name(),
            summary(setup, result),
            setup.evaluated().map(Split::word).orElse(""),
            last.map(
                    e ->
                        List.of(
                            new Score(
                                result.split().orElse(""),
                                e.examples(),
                                e.top1(),
                                e.top5(),
                                e.loss())))
                .orElse(List.of()),
            metrics.rounds().stream()
                .map(
                    r ->
                        new RoundPoint(
                            r.round(),
                            r.examplesDone() / examples,
                            r.loss(),
                            r.learningRate(),
                            r.imagesPerSecond()))
                .toList(),
            metrics.epochs().stream()
                .map(
                    e ->
                        new EpochPoint(
                            e.epoch() + 1,
                            e.loss(),
                            e.top1().orElse(Double.NaN),
                            e.top5().orElse(Double.NaN),
                            e.evaluationLoss().orElse(Double.NaN)))
                .toList(),
            last.map(Evaluation::confusion).orElseGet(ConfusionMatrix::none),
            record.configuration(),
            setup.schedule().explanation(),
            provenance(setup, record, metrics, result, finished));
    return new RunReport().render(data);
  }

  private static String summary(TrainingSetup setup, RunResult result) {
    return String.format(
        Locale.ROOT,
        "%d epochs, %d workers x %d examples, %s, %s; %d examples in %s of rounds%s%s%s",
        result.epochs(),
        setup.config().workers(),
        setup.config().batch(),
        setup.strategy().explanation(),
        setup.plan().shuffle().explanation(),
        result.examples(),
        String.format(Locale.ROOT, "%.1f s", result.seconds()),
        result.skippedExamples() == 0
            ? ""
            : "; " + result.skippedExamples() + " of them skipped, since their workers diverged",
        setup.ema().map(ema -> "; evaluated with the " + ema.explanation()).orElse(""),
        switch (setup.config().batchNorm().recalibration()) {
          case NONE -> "";
          case TRAIN -> "; batch norms recalibrated on augmented training images";
          case EVALUATE -> "; batch norms recalibrated on training images as in evaluation";
        });
  }

  private static Provenance provenance(
      TrainingSetup setup,
      RunRecord record,
      MetricsLog metrics,
      RunResult result,
      Instant finished) {
    return new Provenance(
        setup.dataset().location(),
        record.datasetVersion(),
        record.datasetFingerprint(),
        record.experiment(),
        result.parametersSha256(),
        record.versions().convoy(),
        record.versions().java(),
        record.versions().spark(),
        record.versions().dl4j(),
        record.profile()
            + (setup.config().allowMixedProfiles()
                ? "; other profiles were allowed, so the run is not repeatable"
                : ""),
        "%s %s, %s"
            .formatted(
                System.getProperty("os.name"),
                System.getProperty("os.version"),
                System.getProperty("os.arch")),
        record.created(),
        finished,
        metrics.events().stream().map(e -> new Provenance.Event(e.time(), e.what())).toList());
  }
}
