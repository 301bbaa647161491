package dev.convoy.trainer.executor;

import dev.convoy.models.engine.backend.Device;
import dev.convoy.models.training.ComputeProfile;
import dev.convoy.models.training.TrainingReplica;
import dev.convoy.trainer.executor.ExecutorSettings.MixedProfiles;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * What a run keeps on one device: the arithmetic there, and the networks that no task uses. A
 * network never leaves its device. Safe for use by several tasks.
 */
final class DeviceNetworks {

  private final ExecutorSettings settings;
  private final Device device;
  private final ComputeProfile profile;
  private final Deque<TrainingReplica> idle = new ArrayDeque<>();
  private boolean closed;

  /**
   * Keeps no network yet.
   *
   * @throws ProfileMismatchException if the device's arithmetic is not the run's
   */
  DeviceNetworks(ExecutorSettings settings, Device device) {
    // Where mixing is allowed, a device without the run's precision computes in its own.
    ComputeProfile here = settings.profile().on(device);
    if (settings.mixedProfiles() == MixedProfiles.REFUSED && !here.equals(settings.profile())) {
      throw new ProfileMismatchException(settings.profile(), here);
    }
    this.settings = settings;
    this.device = device;
    this.profile = here;
  }

  /** A network that nobody else uses, a warm one if there is one. */
  TrainingReplica take() {
    return warm()
        .orElseGet(
            () ->
                TrainingReplica.create(
                    settings.model(),
                    settings.optimizer(),
                    settings.labelSmoothing(),
                    profile,
                    device));
  }

  private synchronized Optional<TrainingReplica> warm() {
    return Optional.ofNullable(idle.pollFirst());
  }

  synchronized void giveBack(TrainingReplica replica) {
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
  }
}
