package dev.convoy.trainer.executor;

import dev.convoy.data.InvalidRequestException;
import dev.convoy.models.engine.backend.Device;
import java.util.HashSet;
import java.util.Set;

/**
 * Which GPUs the tasks of this JVM compute on. Two on one would take each other's memory and time,
 * so the second is refused. The CPU is everybody's. Safe for use by several tasks.
 */
final class DeviceClaims {

  private final Set<Device> claimed = new HashSet<>();

  /**
   * Claims a device for a task attempt, until the claim is closed.
   *
   * @throws InvalidRequestException if another one computes on this GPU
   */
  synchronized Claim claim(Device device) {
    if (device instanceof Device.Cpu) {
      return () -> {};
    }
    if (!claimed.add(device)) {
      throw new InvalidRequestException(
          ("Spark assigned %s to two tasks of one executor, which cannot share it; set"
                  + " spark.task.resource.gpu.amount=1, and let the discovery script list each GPU once")
              .formatted(device));
    }
    return () -> release(device);
  }

  private synchronized void release(Device device) {
    claimed.remove(device);
  }

  /** A task attempt's right to compute on a device. */
  interface Claim extends AutoCloseable {
    @Override
    void close();
  }
}
