package dev.convoy.trainer.executor;

import dev.convoy.models.engine.backend.Device;
import dev.convoy.models.training.ComputeProfile;
import dev.convoy.models.training.TrainingReplica;
import dev.convoy.trainer.executor.ExecutorSettings.MixedProfiles;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * What a run keeps on one device: the arithmetic there, and the networks that no task uses. A
 * network never leaves its device. Safe for use by several tasks.
 */
final class DeviceNetworks {

  private final ExecutorSettings settings;
  private final Device device;
  private final ComputeProfile profile;
  private final int slots;
  private final Deque<TrainingReplica> idle = new ArrayDeque<>();
  private int lent;
  private boolean closed;

  /**
   * Keeps no network yet.
   *
   * @param slots tasks that the executor runs at once; so many networks are kept at most
   * @throws ProfileMismatchException if the device's arithmetic is not the run's
   */
  DeviceNetworks(ExecutorSettings settings, Device device, int slots) {
    // Where mixing is allowed, a device without the run's precision computes in its own.
    ComputeProfile here = settings.profile().on(device);
    if (settings.mixedProfiles() == MixedProfiles.REFUSED && !here.equals(settings.profile())) {
      throw new ProfileMismatchException(settings.profile(), here);
    }
    this.settings = settings;
    this.device = device;
    this.profile = here;
    this.slots = slots;
  }

  /**
   * A warm network that nobody else uses, if there is one. If not, the borrower makes its own by
   * {@link #create}; either is given back.
   */
  synchronized Optional<TrainingReplica> lend() {
    Optional<TrainingReplica> warm = Optional.ofNullable(idle.pollFirst());
    lent += warm.isPresent() ? 1 : 0;
    return warm;
  }

  /** A new network, lent to who asks. */
  TrainingReplica create() {
    TrainingReplica replica =
        TrainingReplica.create(settings.model(), settings.step(), profile, device);
    synchronized (this) {
      lent++;
    }
    return replica;
  }

  /** A losing attempt has a network of its own; what is more than the slots need is not kept. */
  void giveBack(TrainingReplica replica) {
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
  }

  /** Networks that no task has. */
  synchronized int idle() {
    return idle.size();
  }

  /** Frees what no task has; what is lent is freed when it is given back. */
  void close() {
    List<TrainingReplica> unused;
    synchronized (this) {
      closed = true;
      unused = List.copyOf(idle);
      idle.clear();
    }
    Freeing.all(unused.stream().<Runnable>map(replica -> replica::close).toList());
  }
}
