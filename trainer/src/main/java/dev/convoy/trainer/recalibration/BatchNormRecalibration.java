package dev.convoy.trainer.recalibration;

import dev.convoy.data.plan.EpochPlan;
import dev.convoy.models.state.NetworkState;
import dev.convoy.trainer.averaging.StateLayout;
import dev.convoy.trainer.averaging.WorkerState;
import dev.convoy.trainer.executor.Broadcasts;
import dev.convoy.trainer.round.RunSettings;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;

/**
 * Computes batch norms' running statistics anew, over every training example once: one Spark job
 * that sends the batches of one more epoch through the network, forward alone, each batch norm
 * normalising by its batch. Mean and variance are those of all examples together; the variance is
 * the population's, since this is the whole of it.
 *
 * <p>The result follows from parameters, plan and images: running statistics that were there before
 * do not enter, so doing it twice changes nothing.
 */
public final class BatchNormRecalibration {

  /**
   * Into so many sums the chunks are added up on the executors, before the driver has them: a
   * ResNet-152's is 1.2 MB. Fixed, so that the order of additions does not depend on the cluster.
   */
  private static final int GROUPS = 32;

  private final JavaSparkContext spark;
  private final RunSettings settings;
  private final StateLayout layout;
  private final int epoch;

  /**
   * A recalibration on a cluster.
   *
   * @param settings with the augmentation that images go through here
   * @param epoch whose plan is used, from 0
   */
  public BatchNormRecalibration(
      JavaSparkContext spark, RunSettings settings, StateLayout layout, int epoch) {
    this.spark = spark;
    this.settings = settings;
    this.layout = layout;
    this.epoch = epoch;
  }

  /**
   * The network with new running statistics; parameters and momentum stay.
   *
   * @throws IllegalStateException if the chunks do not add up to the split
   */
  public NetworkState recalibrated(NetworkState network) {
    WorkerState parts = layout.split(network);
    Broadcast<RunSettings> broadcastSettings = spark.broadcast(settings);
    Broadcast<NetworkState> state = spark.broadcast(network);
    try {
      EpochPlan plan = EpochPlan.of(settings.shardSizes(), settings.plan(), epoch);
      List<StatisticsChunk> chunks = chunks(plan);
      int group = (chunks.size() + GROUPS - 1) / GROUPS;
      List<StatisticsSum> groups =
          spark
              .parallelize(chunks, chunks.size())
              .map(new StatisticsTask(broadcastSettings, state, epoch, parts.means().length))
              .map(CheckedSum::of)
              .keyBy(sent -> sent.sum().chunk() / group)
              .groupByKey(GROUPS)
              .values()
              .map(BatchNormRecalibration::added)
              .collect();
      StatisticsSum all = StatisticsSum.ofAll(groups);
      if (all.examples() != plan.examples()) {
        throw new IllegalStateException(
            "batch norms saw %d examples, the training split has %d"
                .formatted(all.examples(), plan.examples()));
      }
      return layout.join(
          new WorkerState(
              parts.trainable(), parts.momentum(), all.roundedMeans(), all.roundedVariances()));
    } finally {
      Broadcasts.destroy(spark, state, broadcastSettings);
    }
  }

  private static StatisticsSum added(Iterable<CheckedSum> sent) {
    List<StatisticsSum> sums = new ArrayList<>();
    sent.forEach(sum -> sums.add(sum.checked()));
    return StatisticsSum.ofAll(sums);
  }

  private List<StatisticsChunk> chunks(EpochPlan plan) {
    List<StatisticsChunk> chunks = new ArrayList<>();
    for (int worker = 0; worker < settings.plan().workers(); worker++) {
      for (int step = 0; step < plan.steps(); step += StatisticsChunk.STEPS) {
        int end = Math.min(plan.steps(), step + StatisticsChunk.STEPS);
        chunks.add(new StatisticsChunk(chunks.size(), worker, step, end));
      }
    }
    return chunks;
  }
}
