package dev.convoy.trainer.evaluation;

import dev.convoy.data.augment.AugmentationPipeline;
import dev.convoy.data.dataset.ShardEntry;
import dev.convoy.trainer.executor.DatasetVersion;
import dev.convoy.trainer.executor.ExecutorSettings;
import java.io.Serializable;
import java.util.List;

/**
 * What is evaluated how.
 *
 * @param executor network, arithmetic, memory
 * @param dataset the images' dataset
 * @param shards of the split, in the manifest's order
 * @param preprocessing of the images
 * @param batch most images in one forward pass
 * @param classOfLabel the network's class for each class of the dataset; empty: the same
 */
// Never compared.
public record EvaluationSettings(
    ExecutorSettings executor,
    DatasetVersion dataset,
    List<ShardEntry> shards,
    AugmentationPipeline preprocessing,
    int batch,
    int[] classOfLabel)
    implements Serializable {

  /** For a dataset with the network's own classes. */
  public EvaluationSettings(
      ExecutorSettings executor,
      DatasetVersion dataset,
      List<ShardEntry> shards,
      AugmentationPipeline preprocessing,
      int batch) {
    this(executor, dataset, shards, preprocessing, batch, new int[0]);
  }

  int classOf(int label) {
    return classOfLabel.length == 0 ? label : classOfLabel[label];
  }
}
