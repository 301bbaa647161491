package dev.convoy.trainer.training;

import dev.convoy.data.dataset.Split;
import dev.convoy.trainer.Json;
import dev.convoy.trainer.evaluation.Evaluation;
import dev.convoy.trainer.round.RoundOutcome;
import dev.convoy.trainer.round.Straggler;
import dev.convoy.trainer.round.WorkerReport;
import dev.convoy.trainer.run.EpochMetrics;
import dev.convoy.trainer.run.MetricsLog;
import dev.convoy.trainer.run.RoundMetrics;
import dev.convoy.trainer.run.RunLease;
import dev.convoy.trainer.run.StragglerMetrics;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes the figures of rounds and epochs to the run's metrics file, and stragglers to the log. */
final class MetricsListener implements TrainingListener {

  private static final Logger LOG = LoggerFactory.getLogger(MetricsListener.class);

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
            outcome.reports().stream().mapToDouble(WorkerReport::seconds).max().orElse(0),
            outcome.prefetched(),
            outcome.straggler().map(MetricsListener::straggler)));
    outcome.straggler().ifPresent(straggler -> warn(event.spec().round(), straggler));
    if (metrics.flushesCheaply()) {
      lease.check();
      metrics.flush();
    }
  }

  private static StragglerMetrics straggler(Straggler straggler) {
    return new StragglerMetrics(
        straggler.worker(),
        straggler.location().host(),
        straggler.location().executor(),
        straggler.seconds(),
        straggler.secondsLoading(),
        straggler.medianSeconds());
  }

  private static void warn(long round, Straggler straggler) {
    LOG.warn(
        "round {} waited for worker {}, executor {} on {}: {} s, {}; the median worker took {} s",
        round,
        straggler.worker(),
        straggler.location().executor(),
        straggler.location().host(),
        seconds(straggler.seconds()),
        straggler
            .secondsLoading()
            .map(loading -> "of these " + seconds(loading) + " s for batches")
            .orElse("until another attempt overtook it"),
        seconds(straggler.medianSeconds()));
  }

  private static String seconds(double seconds) {
    return String.format(Locale.ROOT, "%.2f", seconds);
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
