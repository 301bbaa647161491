package dev.convoy.trainer.executor;

import dev.convoy.data.dataset.Dataset;
import dev.convoy.data.dataset.Example;
import dev.convoy.data.dataset.ShardCache;
import dev.convoy.data.dataset.ShardEntry;
import dev.convoy.data.plan.EpochPlan;
import dev.convoy.models.engine.backend.Device;
import dev.convoy.models.training.TrainingReplica;
import java.io.IOException;
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
  private final DeviceClaims claims;
  private final Map<DatasetVersion, ShardCache> shards = new HashMap<>();
  private final Map<Device, DeviceNetworks> networks = new HashMap<>();
  private EpochPlan plan;
  private boolean closed;

  ExecutorRun(ExecutorSettings settings, DeviceClaims claims) {
    this.settings = settings;
    this.claims = claims;
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

  /**
   * Lends a network that nobody else uses, on the task's device, which the task then has for
   * itself; {@link Loan#close} gives both back.
   *
   * @throws ProfileMismatchException if the device's arithmetic is not the run's
   * @throws dev.convoy.data.InvalidRequestException if the run needs a GPU and the task has none,
   *     several, or one that another task computes on
   */
  public Loan borrow() {
    return borrow(TaskDevice.gpus());
  }

  Loan borrow(List<String> gpus) {
    Device device = TaskDevice.of(settings.profile(), settings.mixedProfiles(), gpus);
    DeviceClaims.Claim claim = claims.claim(device);
    try {
      DeviceNetworks there = on(device);
      return new Loan(there, there.take(), claim);
    } catch (RuntimeException | Error e) {
      claim.close();
      throw e;
    }
  }

  private synchronized DeviceNetworks on(Device device) {
    DeviceNetworks there = networks.computeIfAbsent(device, d -> new DeviceNetworks(settings, d));
    if (closed) {
      there.close();
    }
    return there;
  }

  synchronized void close() {
    closed = true;
    networks.values().forEach(DeviceNetworks::close);
    shards.clear();
  }

  /** A network in the hands of one task attempt. */
  public static final class Loan implements AutoCloseable {
    private final DeviceNetworks home;
    private final TrainingReplica replica;
    private final DeviceClaims.Claim claim;

    private Loan(DeviceNetworks home, TrainingReplica replica, DeviceClaims.Claim claim) {
      this.home = home;
      this.replica = replica;
      this.claim = claim;
    }

    /** The network, with whatever state the last borrower left in it. */
    public TrainingReplica replica() {
      return replica;
    }

    @Override
    public void close() {
      home.giveBack(replica);
      claim.close();
    }
  }
}
