package dev.convoy.trainer.round;

import dev.convoy.data.batch.BatchLoader;
import dev.convoy.data.batch.ImageBatch;
import dev.convoy.data.dataset.Example;
import dev.convoy.data.plan.EpochPlan;
import dev.convoy.data.plan.ExampleRef;
import dev.convoy.models.InputShape;
import dev.convoy.trainer.executor.BatchPlace;
import dev.convoy.trainer.executor.BatchSource;
import dev.convoy.trainer.executor.ExecutorRun;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The batches of one run's plan, through what an executor keeps of the run. */
public final class WorkerBatches implements BatchSource {

  /** An id's object and the header of its characters, a reference, its share of the arrays'. */
  private static final int EXAMPLE_OVERHEAD_BYTES = 80;

  /** Headers of arrays, list and record. */
  private static final int BATCH_OVERHEAD_BYTES = 128;

  private final ExecutorRun run;
  private final RunSettings settings;
  private final BatchLoader loader;

  /** The batches as the settings plan and augment them. */
  public WorkerBatches(ExecutorRun run, RunSettings settings) {
    this.run = run;
    this.settings = settings;
    InputShape input = settings.executor().model().input();
    this.loader =
        new BatchLoader(
            input.channels(),
            input.height(),
            input.width(),
            settings.augmentation(),
            settings.plan().seed());
  }

  EpochPlan plan(int epoch) {
    return run.plan(epoch, () -> EpochPlan.of(settings.shardSizes(), settings.plan(), epoch));
  }

  /** A batch, loaded by who asks. */
  public ImageBatch load(BatchPlace place) throws IOException {
    return prepare(place, read(place));
  }

  @Override
  public List<Example> read(BatchPlace place) throws IOException {
    ExampleRef[] refs = plan(place.epoch()).batch(place.worker(), place.step());
    Map<Integer, List<Example>> shards = new HashMap<>();
    List<Example> examples = new ArrayList<>(refs.length);
    for (ExampleRef ref : refs) {
      List<Example> shard = shards.get(ref.shard());
      if (shard == null) {
        shard = run.examples(settings.dataset(), settings.shards().get(ref.shard()));
        shards.put(ref.shard(), shard);
      }
      examples.add(shard.get(ref.row()));
    }
    return examples;
  }

  @Override
  public ImageBatch prepare(BatchPlace place, List<Example> examples) {
    return loader.load(examples, place.epoch());
  }

  @Override
  public long bytes(List<Example> examples) {
    long values = settings.executor().model().input().values();
    long bytes = BATCH_OVERHEAD_BYTES;
    for (Example example : examples) {
      bytes += values * Float.BYTES + Integer.BYTES;
      bytes += (long) example.id().length() * Character.BYTES + EXAMPLE_OVERHEAD_BYTES;
    }
    return bytes;
  }
}
