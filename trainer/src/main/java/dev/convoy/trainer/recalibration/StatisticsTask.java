package dev.convoy.trainer.recalibration;

import dev.convoy.data.batch.ImageBatch;
import dev.convoy.models.state.NetworkState;
import dev.convoy.models.training.BatchStatistics;
import dev.convoy.trainer.executor.BatchPlace;
import dev.convoy.trainer.executor.ExecutorRun;
import dev.convoy.trainer.executor.ExecutorRuns;
import dev.convoy.trainer.round.RunSettings;
import dev.convoy.trainer.round.WorkerBatches;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.broadcast.Broadcast;

/** Sends one chunk's batches through the network, on an executor. */
final class StatisticsTask implements Function<StatisticsChunk, StatisticsSum> {

  private static final long serialVersionUID = 1L;

  private final Broadcast<RunSettings> settings;
  private final Broadcast<NetworkState> state;
  private final int epoch;
  private final int channels;

  /**
   * @param epoch whose plan the batches are of
   * @param channels of all batch norms together
   */
  StatisticsTask(
      Broadcast<RunSettings> settings, Broadcast<NetworkState> state, int epoch, int channels) {
    this.settings = settings;
    this.state = state;
    this.epoch = epoch;
    this.channels = channels;
  }

  @Override
  public StatisticsSum call(StatisticsChunk chunk) throws Exception {
    try (ExecutorRuns.Lease lease = ExecutorRuns.ofThisJvm().lease(settings.value().executor());
        ExecutorRun.Loan loan = lease.run().borrow()) {
      loan.replica().restore(state.value());
      WorkerBatches batches = new WorkerBatches(lease.run(), settings.value());
      StatisticsSum sum = StatisticsSum.nothing(chunk.index(), channels);
      for (int step = chunk.firstStep(); step < chunk.endStep(); step++) {
        TaskContext.get().killTaskIfInterrupted();
        ImageBatch batch =
            batches.load(new BatchPlace(epoch, step, chunk.worker()), chunk.endStep());
        if (batch.count() == 0) {
          continue;
        }
        for (BatchStatistics part : loan.replica().statistics(batch.features(), batch.count())) {
          sum = sum.plus(StatisticsSum.of(chunk.index(), part));
        }
      }
      return sum;
    }
  }
}
