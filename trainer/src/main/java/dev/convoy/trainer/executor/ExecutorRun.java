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
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What an executor keeps of one run between tasks: networks, shards, plans, batches loaded ahead.
 * All of it is a cache; no result depends on what is found here. Safe for use by several tasks.
 */
public final class ExecutorRun {

  private final ExecutorSettings settings;
  private final int slots;
  private final SlotGate gate;
  private final ComputeProfile profile;
  private final BatchPrefetch prefetch;
  private final Map<DatasetVersion, ShardCache> shards = new HashMap<>();
  private final Map<Integer, EpochPlan> plans = new HashMap<>();
  private final Deque<TrainingReplica> idle = new ArrayDeque<>();
  private int lent;
  private boolean closed;

  /**
   * Starts empty.
   *
   * @param slots tasks that the executor runs at once
   * @param gate shared by all runs of the executor
   */
  ExecutorRun(ExecutorSettings settings, int slots, SlotGate gate) {
    // Where mixing is allowed, an executor without the run's precision computes in its own.
    ComputeProfile here = settings.profile().here();
    if (settings.mixedProfiles() == ExecutorSettings.MixedProfiles.REFUSED
        && !here.equals(settings.profile())) {
      throw new ProfileMismatchException(settings.profile(), here);
    }
    this.settings = settings;
    this.slots = slots;
    this.gate = gate;
    this.profile = here;
    this.prefetch = new BatchPrefetch(settings.limits().prefetchBytes(), slots, gate);
  }

  /** The plan of an epoch; those of its neighbours are kept, too. */
  public EpochPlan plan(int epoch, Supplier<EpochPlan> planned) {
    synchronized (plans) {
      EpochPlan plan = plans.get(epoch);
      if (plan == null) {
        plans.keySet().removeIf(kept -> Math.abs(kept - epoch) > 1);
        plan = planned.get();
        plans.put(epoch, plan);
      }
      return plan;
    }
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
    return new ShardCache(opened.reader(), settings.limits().shardBytes());
  }

  /** Batches that are loaded before their worker asks for them. */
  public BatchPrefetch prefetch() {
    return prefetch;
  }

  /** Lends a network that nobody else uses; {@link Loan#close} gives it back. */
  public Loan borrow() {
    gate.taskBegins();
    try {
      Optional<TrainingReplica> warm = lend();
      return warm.isPresent() ? new Loan(warm.get(), true) : new Loan(create(), false);
    } catch (RuntimeException | Error e) {
      lendingFailed();
      throw e;
    }
  }

  private TrainingReplica create() {
    return TrainingReplica.create(
        settings.model(), settings.optimizer(), settings.labelSmoothing(), profile);
  }

  private synchronized Optional<TrainingReplica> lend() {
    lent++;
    return Optional.ofNullable(idle.pollFirst());
  }

  private void lendingFailed() {
    synchronized (this) {
      lent--;
    }
    gate.taskEnds();
  }

  /** A losing attempt has a network of its own; what is more than the slots need is not kept. */
  private void giveBack(TrainingReplica replica) {
    boolean kept;
    synchronized (this) {
      lent--;
      kept = !closed && idle.size() + lent < slots;
      if (kept) {
        idle.addFirst(replica);
      }
    }
    if (!kept) {
      replica.close();
    }
    gate.taskEnds();
  }

  /** Networks that no task has. */
  synchronized int idleNetworks() {
    return idle.size();
  }

  /** Frees all that no task has; what is lent is freed when it is given back. */
  void close() {
    List<TrainingReplica> unused;
    synchronized (this) {
      closed = true;
      unused = List.copyOf(idle);
      idle.clear();
      shards.clear();
    }
    prefetch.close();
    unused.forEach(TrainingReplica::close);
  }

  /** A network in the hands of one task attempt. */
  public final class Loan implements AutoCloseable {
    private final TrainingReplica replica;
    private final boolean warm;

    private Loan(TrainingReplica replica, boolean warm) {
      this.replica = replica;
      this.warm = warm;
    }

    /** The network, with whatever state the last borrower left in it. */
    public TrainingReplica replica() {
      return replica;
    }

    /** Whether an earlier task used it, so that it is compiled. */
    public boolean isWarm() {
      return warm;
    }

    @Override
    public void close() {
      giveBack(replica);
    }
  }
}
