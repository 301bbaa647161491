package dev.convoy.trainer.benchmark.peer;

import dev.convoy.data.augment.AugmentationPipeline;
import dev.convoy.data.batch.BatchLoader;
import dev.convoy.data.batch.ImageBatch;
import dev.convoy.data.dataset.Example;
import dev.convoy.data.dataset.ShardEntry;
import dev.convoy.data.dataset.ShardReader;
import dev.convoy.data.dataset.Split;
import dev.convoy.data.plan.EpochPlan;
import dev.convoy.data.plan.ExampleRef;
import dev.convoy.data.plan.PlanSettings;
import dev.convoy.models.InputShape;
import dev.convoy.models.ModelSpec;
import dev.convoy.trainer.training.TrainingSetup;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The batches that the plan of the first epoch gives a worker: those that it would have under
 * {@code convoy train}, in the same order.
 */
final class PlannedBatches implements FlatMapFunction<Integer, MultiDataSet> {

  private static final long serialVersionUID = 1L;

  private final ShardReader reader;
  private final List<ShardEntry> shards;
  private final PlanSettings plan;
  private final AugmentationPipeline augmentation;
  private final ModelSpec model;
  private final int outputs;
  private final int steps;

  /**
   * Batches of a configuration.
   *
   * @param outputs of the network, which all get the same labels
   * @param steps batches of each worker
   */
  PlannedBatches(TrainingSetup setup, int outputs, int steps) throws IOException {
    this.reader = setup.dataset().reader();
    this.shards = List.copyOf(setup.manifest().shards(Split.TRAIN));
    this.plan = setup.plan();
    this.augmentation = setup.training();
    this.model = setup.model();
    this.outputs = outputs;
    this.steps = steps;
  }

  @Override
  public Iterator<MultiDataSet> call(Integer worker) throws IOException {
    InputShape input = model.input();
    BatchLoader loader =
        new BatchLoader(input.channels(), input.height(), input.width(), augmentation, plan.seed());
    EpochPlan epoch =
        EpochPlan.of(shards.stream().mapToInt(ShardEntry::examples).toArray(), plan, 0);
    Map<Integer, List<Example>> read = new HashMap<>();
    List<MultiDataSet> batches = new ArrayList<>();
    for (int step = 0; step < steps; step++) {
      List<Example> examples = new ArrayList<>();
      for (ExampleRef ref : epoch.batch(worker, step)) {
        if (!read.containsKey(ref.shard())) {
          read.put(ref.shard(), reader.read(shards.get(ref.shard())));
        }
        examples.add(read.get(ref.shard()).get(ref.row()));
      }
      batches.add(batch(loader.load(examples, 0)));
    }
    return batches.iterator();
  }

  private MultiDataSet batch(ImageBatch images) {
    InputShape input = model.input();
    float[][] labels = new float[images.count()][model.classes()];
    for (int i = 0; i < labels.length; i++) {
      labels[i][images.labels()[i]] = 1;
    }
    INDArray[] targets = new INDArray[outputs];
    Arrays.setAll(targets, i -> Nd4j.createFromArray(labels));
    INDArray features =
        Nd4j.createFromArray(images.features())
            .reshape(images.count(), input.channels(), input.height(), input.width());
    return new org.nd4j.linalg.dataset.MultiDataSet(new INDArray[] {features}, targets);
  }
}
