package dev.convoy.trainer.round;

import dev.convoy.data.batch.BatchLoader;
import dev.convoy.data.batch.ImageBatch;
import dev.convoy.data.dataset.Example;
import dev.convoy.data.dataset.ShardCache;
import dev.convoy.data.dataset.ShardEntry;
import dev.convoy.data.plan.EpochPlan;
import dev.convoy.data.plan.ExampleRef;
import dev.convoy.models.InputShape;
import dev.convoy.trainer.executor.BatchPlace;
import dev.convoy.trainer.executor.BatchSource;
import dev.convoy.trainer.executor.ExecutorRun;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The batches of one run's plan, through what an executor keeps of the run. */
public final class WorkerBatches implements BatchSource {

  /** A label, an id's object with some 100 characters, and the references to them. */
  private static final int EXAMPLE_OVERHEAD_BYTES = 184;

  /** Headers of arrays, list and record. */
  private static final int BATCH_OVERHEAD_BYTES = 128;

  /** Encoded examples that are read together at most, if they are several batches: a shard's. */
  public static final long STRETCH_BYTES = 64L << 20;

  private final ExecutorRun run;
  private final RunSettings settings;
  private final BatchLoader loader;

  /** Batches of one worker that were read and not yet asked for. */
  private final Map<BatchPlace, List<Example>> stretch = new HashMap<>();

  /** A row of a shard, and where it belongs. */
  @SuppressWarnings("ArrayRecordComponent") // filled in place, never compared
  private record Wanted(int row, Example[] batch, int place) {}

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

  /**
   * A batch, loaded by who asks.
   *
   * @param endStep the step after the last one for which this worker will ask here
   */
  public ImageBatch load(BatchPlace place, int endStep) throws IOException {
    return prepare(place, read(place, endStep));
  }

  /** Reads a shard once for many steps: the examples of a batch lie in most shards of a window. */
  @Override
  public synchronized List<Example> read(BatchPlace place, int endStep) throws IOException {
    List<Example> examples = stretch.remove(place);
    if (examples == null) {
      stretch.clear();
      stretch.putAll(readStretch(place, endStep));
      examples = stretch.remove(place);
    }
    return examples;
  }

  private Map<BatchPlace, List<Example>> readStretch(BatchPlace first, int endStep)
      throws IOException {
    EpochPlan plan = plan(first.epoch());
    Map<BatchPlace, Example[]> batches = new LinkedHashMap<>();
    Map<Integer, List<Wanted>> byShard = new TreeMap<>();
    long bytes = 0;
    for (int step = first.step(); step == first.step() || step < endStep; step++) {
      ExampleRef[] refs = plan.batch(first.worker(), step);
      for (ExampleRef ref : refs) {
        ShardEntry shard = settings.shards().get(ref.shard());
        bytes += shard.bytes() / shard.examples();
      }
      if (step > first.step() && bytes > STRETCH_BYTES) {
        break;
      }
      Example[] batch = new Example[refs.length];
      for (int i = 0; i < refs.length; i++) {
        byShard
            .computeIfAbsent(refs[i].shard(), shard -> new ArrayList<>())
            .add(new Wanted(refs[i].row(), batch, i));
      }
      batches.put(new BatchPlace(first.epoch(), step, first.worker()), batch);
    }
    fill(byShard);
    Map<BatchPlace, List<Example>> read = new HashMap<>();
    batches.forEach((place, batch) -> read.put(place, Arrays.asList(batch)));
    return read;
  }

  /** Shards that are in memory come first, before those that are not push them out. */
  private void fill(Map<Integer, List<Wanted>> byShard) throws IOException {
    ShardCache shards = run.shards(settings.dataset());
    Map<Boolean, List<Integer>> byKept =
        byShard.keySet().stream()
            .collect(
                Collectors.partitioningBy(shard -> shards.keeps(settings.shards().get(shard))));
    for (boolean kept : new boolean[] {true, false}) {
      for (int shard : byKept.get(kept)) {
        List<Example> examples = shards.get(settings.shards().get(shard));
        for (Wanted wanted : byShard.get(shard)) {
          wanted.batch()[wanted.place()] = examples.get(wanted.row());
        }
      }
    }
  }

  @Override
  public ImageBatch prepare(BatchPlace place, List<Example> examples) {
    return loader.load(examples, place.epoch());
  }

  @Override
  public long bytes(BatchPlace place) {
    long example =
        (long) settings.executor().model().input().values() * Float.BYTES + EXAMPLE_OVERHEAD_BYTES;
    int examples = plan(place.epoch()).examplesOf(place.worker(), place.step(), place.step() + 1);
    return BATCH_OVERHEAD_BYTES + examples * example;
  }
}
