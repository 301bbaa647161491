package dev.convoy.trainer.executor;

import dev.convoy.data.dataset.Dataset;
import dev.convoy.data.dataset.ShardCache;
import dev.convoy.data.plan.EpochPlan;
import dev.convoy.models.engine.backend.Device;
import dev.convoy.models.training.TrainingReplica;
import java.io.IOException;
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
  private final DeviceClaims claims;
  private final BatchPrefetch prefetch;
  private final Map<DatasetVersion, ShardCache> shards = new HashMap<>();
  private final Map<Integer, EpochPlan> plans = new HashMap<>();
  private final Map<Device, DeviceNetworks> networks = new HashMap<>();
  private boolean closed;

  /**
   * Starts empty.
   *
   * @param slots tasks that the executor runs at once
   * @param gate shared by all runs of the executor
   * @param claims shared by all runs of the executor
   */
  ExecutorRun(ExecutorSettings settings, int slots, SlotGate gate, DeviceClaims claims) {
    this.settings = settings;
    this.slots = slots;
    this.gate = gate;
    this.claims = claims;
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

  /** The shards of a dataset, of which the ones used last are kept. */
  public synchronized ShardCache shards(DatasetVersion dataset) throws IOException {
    ShardCache cache = shards.get(dataset);
    if (cache == null) {
      cache = open(dataset);
      shards.put(dataset, cache);
    }
    return cache;
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
    gate.taskBegins();
    try {
      DeviceNetworks there = on(device);
      Optional<TrainingReplica> warm = there.lend();
      return new Loan(
          there, warm.isPresent() ? warm.get() : there.create(), warm.isPresent(), claim);
    } catch (RuntimeException | Error e) {
      gate.taskEnds();
      claim.close();
      throw e;
    }
  }

  private synchronized DeviceNetworks on(Device device) {
    DeviceNetworks there =
        networks.computeIfAbsent(device, d -> new DeviceNetworks(settings, d, slots));
    if (closed) {
      there.close();
    }
    return there;
  }

  /** Networks that no task has. */
  synchronized int idleNetworks() {
    return networks.values().stream().mapToInt(DeviceNetworks::idle).sum();
  }

  /** Frees all that no task has; what is lent is freed when it is given back. */
  void close() {
    List<DeviceNetworks> all;
    synchronized (this) {
      closed = true;
      all = List.copyOf(networks.values());
      shards.clear();
    }
    prefetch.close();
    Freeing.all(all.stream().<Runnable>map(networks -> networks::close).toList());
  }

  /** A network in the hands of one task attempt. */
  public final class Loan implements AutoCloseable {
    private final DeviceNetworks home;
    private final TrainingReplica replica;
    private final boolean warm;
    private final DeviceClaims.Claim claim;

    private Loan(
        DeviceNetworks home, TrainingReplica replica, boolean warm, DeviceClaims.Claim claim) {
      this.home = home;
      this.replica = replica;
      this.warm = warm;
      this.claim = claim;
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
      try {
        home.giveBack(replica);
      } finally {
        gate.taskEnds();
        claim.close();
      }
    }
  }
}
