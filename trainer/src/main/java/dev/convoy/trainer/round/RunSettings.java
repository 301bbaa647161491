package dev.convoy.trainer.round;

import dev.convoy.data.augment.AugmentationPipeline;
import dev.convoy.data.dataset.ShardEntry;
import dev.convoy.data.plan.PlanSettings;
import dev.convoy.trainer.averaging.WireFormat;
import dev.convoy.trainer.executor.DatasetVersion;
import dev.convoy.trainer.executor.ExecutorSettings;
import java.io.Serializable;
import java.util.List;

/**
 * What stays the same for all rounds of a run; it travels to each executor once.
 *
 * @param executor network, arithmetic, memory
 * @param dataset trained on
 * @param shards of the training split, in the manifest's order
 * @param plan workers, batch, shuffle, seed
 * @param augmentation of training images
 * @param wire how workers send what they trained
 */
public record RunSettings(
    ExecutorSettings executor,
    DatasetVersion dataset,
    List<ShardEntry> shards,
    PlanSettings plan,
    AugmentationPipeline augmentation,
    WireFormat wire)
    implements Serializable {

  /** The same with images that go through something else. */
  public RunSettings with(AugmentationPipeline other) {
    return new RunSettings(executor, dataset, shards, plan, other, wire);
  }

  /** Examples in each shard, in order. */
  public int[] shardSizes() {
    return shards.stream().mapToInt(ShardEntry::examples).toArray();
  }
}
