package dev.convoy.trainer.executor;

import dev.convoy.data.InvalidRequestException;
import dev.convoy.models.training.ComputeProfile;
import dev.convoy.models.training.DeviceChoice;
import dev.convoy.models.training.PrecisionChoice;

/** The arithmetic of the process that asks. */
public final class ExecutorProfile {

  private ExecutorProfile() {}

  /**
   * Resolves what a person asked for on the CPU.
   *
   * @param threads that one operation uses
   * @throws InvalidRequestException if this machine cannot compute so
   */
  public static ComputeProfile resolve(int threads, PrecisionChoice precision) {
    return resolve(DeviceChoice.CPU, threads, precision);
  }

  /**
   * Resolves what a person asked for in the task of the calling thread.
   *
   * @param threads that one operation uses
   * @throws InvalidRequestException if this machine cannot compute so, or the task has not the one
   *     GPU that it needs
   */
  public static ComputeProfile resolve(
      DeviceChoice device, int threads, PrecisionChoice precision) {
    try {
      return ComputeProfile.resolve(TaskDevice.chosen(device), threads, precision);
    } catch (IllegalArgumentException e) {
      throw new InvalidRequestException(e.getMessage(), e);
    }
  }
}
