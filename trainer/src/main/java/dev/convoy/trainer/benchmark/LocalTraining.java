package dev.convoy.trainer.benchmark;

import dev.convoy.data.InvalidRequestException;
import dev.convoy.data.batch.BatchLoader;
import dev.convoy.data.batch.ImageBatch;
import dev.convoy.data.dataset.Example;
import dev.convoy.data.dataset.ShardCache;
import dev.convoy.data.dataset.ShardEntry;
import dev.convoy.data.dataset.Split;
import dev.convoy.data.plan.EpochPlan;
import dev.convoy.data.plan.ExampleRef;
import dev.convoy.models.InputShape;
import dev.convoy.models.benchmark.Measurement;
import dev.convoy.models.engine.backend.Device;
import dev.convoy.models.training.ComputeProfile;
import dev.convoy.models.training.TrainingReplica;
import dev.convoy.trainer.executor.ExecutorProfile;
import dev.convoy.trainer.training.TrainingSetup;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A configuration's training by one worker in this process, without Spark and without averaging:
 * the same engine, batches, augmentation and step, loading before each step in the same thread.
 * What a cluster's workers could do at best.
 */
public final class LocalTraining {

  private final TrainingSetup setup;
  private final BatchLoader loader;
  private final List<ShardEntry> shards;
  private final ShardCache cache;
  private EpochPlan plan;
  private int step;

  private LocalTraining(TrainingSetup setup) throws IOException {
    this.setup = setup;
    InputShape input = setup.model().input();
    this.loader =
        new BatchLoader(
            input.channels(), input.height(), input.width(), setup.training(), setup.plan().seed());
    this.shards = setup.manifest().shards(Split.TRAIN);
    // Examples are taken one by one here, so all shards are kept: what is measured is no reading.
    this.cache =
        new ShardCache(
            setup.dataset().reader(),
            Math.max(setup.config().memory().shardCache().bytes(), ShardCache.estimate(shards)));
    this.plan = plan(0);
  }

  /**
   * Trains for some rounds, a round being as many steps as the configuration says.
   *
   * @param setup of one worker
   * @return images a second, and the share of the time that loading took
   * @throws InvalidRequestException if there are more workers, or this machine cannot compute so
   */
  public static List<Measurement> run(TrainingSetup setup, MeasuringLimits limits)
      throws IOException {
    if (setup.plan().workers() != 1) {
      throw new InvalidRequestException(
          "workers is %d; a training without Spark has 1: --set workers=1"
              .formatted(setup.plan().workers()));
    }
    ComputeProfile profile =
        ExecutorProfile.resolve(setup.config().threads(), setup.config().precision());
    try (TrainingReplica replica =
        TrainingReplica.create(setup.model(), setup.step(), profile, Device.cpu())) {
      replica.initialise(setup.config().seed());
      return new LocalTraining(setup).measured(replica, limits);
    }
  }

  private List<Measurement> measured(TrainingReplica replica, MeasuringLimits limits)
      throws IOException {
    List<Double> rates = new ArrayList<>();
    List<Double> loading = new ArrayList<>();
    long started = System.nanoTime();
    for (int round = 0; !limits.reached(round, started); round++) {
      long begun = System.nanoTime();
      long loadingNanos = 0;
      int images = 0;
      for (int i = 0; i < setup.config().sync().steps(); i++) {
        long before = System.nanoTime();
        ImageBatch batch = loader.load(nextExamples(), plan.epoch());
        loadingNanos += System.nanoTime() - before;
        replica.step(batch.features(), batch.labels(), setup.schedule().at(plan.epoch()));
        images += batch.count();
      }
      double seconds = (System.nanoTime() - begun) * 1e-9;
      if (round >= limits.warmUps()) {
        rates.add(images / seconds);
        loading.add(100 * loadingNanos * 1e-9 / seconds);
      }
    }
    String what =
        "training of %s, 1 worker without Spark, batch %d"
            .formatted(setup.model().name(), setup.config().batch());
    return List.of(
        Summary.of(what, "images/s", rates), Summary.of(what + ": loading", "%", loading));
  }

  private List<Example> nextExamples() throws IOException {
    if (step == plan.steps()) {
      plan = plan(plan.epoch() + 1);
      step = 0;
    }
    List<Example> examples = new ArrayList<>();
    for (ExampleRef ref : plan.batch(0, step)) {
      examples.add(cache.get(shards.get(ref.shard())).get(ref.row()));
    }
    step++;
    return examples;
  }

  private EpochPlan plan(int epoch) {
    return EpochPlan.of(setup.shardSizes(), setup.plan(), epoch);
  }
}
