package dev.convoy.trainer.training;

import dev.convoy.trainer.Json;
import dev.convoy.trainer.evaluation.Evaluation;
import dev.convoy.trainer.run.MetricsLog;
import dev.convoy.trainer.run.RoundMetrics;
import dev.convoy.trainer.run.RunDirectory;
import dev.convoy.trainer.run.RunLease;
import dev.convoy.trainer.run.RunRecord;
import java.io.IOException;
import java.time.Clock;
import java.util.Optional;

/**
 * What is written when a run's last epoch is done: its report and its result.
 *
 * @param setup of the run
 * @param record of the run
 * @param directory where it goes
 * @param lease without which nothing is written
 * @param metrics of all rounds
 * @param clock for the report
 */
record RunFinish(
    TrainingSetup setup,
    RunRecord record,
    RunDirectory directory,
    RunLease lease,
    MetricsLog metrics,
    Clock clock) {

  /**
   * Writes it.
   *
   * @param loop that came to its end
   * @param last evaluation, of the split that is reported
   * @param checkpoint the last one
   */
  RunResult write(TrainingLoop loop, Optional<Evaluation> last, String checkpoint)
      throws IOException {
    lease.check();
    metrics.flush();
    RunResult result =
        new RunResult(
            directory.location(),
            loop.position().epoch(),
            loop.position().round(),
            loop.position().examples(),
            metrics.rounds().stream().mapToLong(RoundMetrics::skippedExamples).sum(),
            metrics.rounds().stream().mapToDouble(RoundMetrics::seconds).sum(),
            setup.reported().map(Json::name),
            last.map(Evaluation::top1),
            last.map(Evaluation::top5),
            setup.layout().sha256(loop.state().network()),
            setup.ema().map(ema -> setup.layout().sha256(loop.state().evaluated())),
            checkpoint,
            directory.reportLocation());
    directory.writeReport(ReportOfRun.html(setup, record, metrics, last, result, clock.instant()));
    directory.writeResult(result);
    return result;
  }
}
