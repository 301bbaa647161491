package dev.convoy.trainer.executor;

import dev.convoy.data.InvalidRequestException;
import dev.convoy.models.training.ComputeProfile;
import dev.convoy.models.training.PrecisionChoice;

/** The arithmetic of the process that asks. */
public final class ExecutorProfile {

  private ExecutorProfile() {}

  /**
   * Resolves what a person asked for.
   *
   * @param threads that one operation uses
   * @throws InvalidRequestException if this machine cannot compute so
   */
  public static ComputeProfile resolve(int threads, PrecisionChoice precision) {
    try {
      return ComputeProfile.resolve(threads, precision);
    } catch (IllegalArgumentException e) {
      throw new InvalidRequestException(e.getMessage(), e);
    }
  }
}
