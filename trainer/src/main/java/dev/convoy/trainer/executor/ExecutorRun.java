package dev.convoy.trainer.executor;

import dev.convoy.data.dataset.Dataset;
import dev.convoy.data.dataset.Example;
import dev.convoy.data.dataset.ShardCache;
import dev.convoy.data.dataset.ShardEntry;
import dev.convoy.data.plan.EpochPlan;
import dev.convoy.models.training.ComputeProfile;
import dev.convoy.models.training.TrainingReplica;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * What an executor keeps of one run between tasks: networks, shards, the epoch's plan. All of it is
 * a cache; no result depends on what is found here. Safe for use by several tasks.
 */
public final class ExecutorRun {

  private final ExecutorSettings settings;
  private final ComputeProfile profile;
  private final Map<DatasetVersion, ShardCache> shards = new HashMap<>();
  private final Deque<TrainingReplica> idle = new ArrayDeque<>();
  private EpochPlan plan;
  private boolean closed;

  ExecutorRun(ExecutorSettings settings) {
    // Where mixing is allowed, an executor without the run's precision computes in its own.
    ComputeProfile here = settings.profile().here();
    if (settings.mixedProfiles() == ExecutorSettings.MixedProfiles.REFUSED
        && !here.equals(settings.profile())) {
      throw new ProfileMismatchException(settings.profile(), here);
    }
    this.settings = settings;
    this.profile = here;
  }

  /** The plan of an epoch; the last one asked for is kept. */
  public synchronized EpochPlan plan(int epoch, Supplier<EpochPlan> planned) {
    if (plan == null || plan.epoch() != epoch) {
      plan = planned.get();
    }
    return plan;
  }

  /** The examples of a shard, in their order. */
  public List<Example> examples(DatasetVersion dataset, ShardEntry shard) throws IOException {
    ShardCache cache;
    synchronized (this) {
      cache = shards.get(dataset);
      if (cache == null) {
        cache = open(dataset);
        shards.put(dataset, cache);
      }
    }
    return cache.get(shard);
  }

  private ShardCache open(DatasetVersion dataset) throws IOException {
    Dataset opened =
        Dataset.open(dataset.location(), dataset.version(), settings.hadoop().toConfiguration());
    return new ShardCache(opened.reader(), settings.shardCacheBytes());
  }

  /** Lends a network that nobody else uses; {@link Loan#close} gives it back. */
  public Loan borrow() {
    synchronized (this) {
      TrainingReplica warm = idle.pollFirst();
      if (warm != null) {
        return new Loan(warm);
      }
    }
    return new Loan(
        TrainingReplica.create(
            settings.model(), settings.optimizer(), settings.labelSmoothing(), profile));
  }

  private synchronized void giveBack(TrainingReplica replica) {
    if (closed) {
      replica.close();
    } else {
      idle.addFirst(replica);
    }
  }

  synchronized void close() {
    closed = true;
    idle.forEach(TrainingReplica::close);
    idle.clear();
    shards.clear();
  }

  /** A network in the hands of one task attempt. */
  public final class Loan implements AutoCloseable {
    private final TrainingReplica replica;

    private Loan(TrainingReplica replica) {
      this.replica = replica;
    }

    /** The network, with whatever state the last borrower left in it. */
    public TrainingReplica replica() {
      return replica;
    }

    @Override
    public void close() {
      giveBack(replica);
    }
  }
}
