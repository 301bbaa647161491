package dev.convoy.trainer.training;

import dev.convoy.data.dataset.Split;
import dev.convoy.trainer.Json;
import dev.convoy.trainer.evaluation.Evaluation;
import dev.convoy.trainer.round.RoundOutcome;
import dev.convoy.trainer.run.EpochMetrics;
import dev.convoy.trainer.run.MetricsLog;
import dev.convoy.trainer.run.RoundMetrics;
import dev.convoy.trainer.run.RunLease;
import java.io.IOException;
import java.util.Optional;

/** Writes the figures of rounds and epochs to the run's metrics file. */
final class MetricsListener implements TrainingListener {

  private final MetricsLog metrics;
  private final RunLease lease;
  private final Optional<Split> evaluated;

  MetricsListener(MetricsLog metrics, RunLease lease, Optional<Split> evaluated) {
    this.metrics = metrics;
    this.lease = lease;
    this.evaluated = evaluated;
  }

  @Override
  public void roundCompleted(RoundCompleted event) throws IOException {
    RoundOutcome outcome = event.outcome();
    double[] rates = event.spec().learningRates();
    metrics.add(
        new RoundMetrics(
            RoundMetrics.KIND,
            event.spec().round(),
            event.spec().epoch(),
            outcome.examples(),
            outcome.skippedExamples(),
            event.position().examples(),
            outcome.loss(),
            rates[rates.length - 1],
            outcome.seconds(),
            outcome.examples() / outcome.seconds(),
            outcome.reports().stream()
                .mapToDouble(r -> r.secondsLoading() + r.secondsComputing())
                .max()
                .orElse(0)));
    if (metrics.flushesCheaply()) {
      lease.check();
      metrics.flush();
    }
  }

  @Override
  public void epochCompleted(EpochCompleted event) {
    double lossSum = 0;
    long averaged = 0;
    long skipped = 0;
    double seconds = 0;
    for (RoundMetrics round : metrics.rounds()) {
      if (round.epoch() == event.epoch()) {
        lossSum += round.loss() * round.averagedExamples();
        averaged += round.averagedExamples();
        skipped += round.skippedExamples();
        seconds += round.seconds();
      }
    }
    Optional<Evaluation> evaluation = event.evaluation();
    metrics.add(
        new EpochMetrics(
            EpochMetrics.KIND,
            event.epoch(),
            event.position().round(),
            skipped,
            lossSum / averaged,
            seconds,
            evaluation.flatMap(e -> evaluated).map(Json::name),
            evaluation.map(Evaluation::top1),
            evaluation.map(Evaluation::top5),
            evaluation.map(Evaluation::loss)));
  }
}
