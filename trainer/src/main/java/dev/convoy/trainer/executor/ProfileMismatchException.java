package dev.convoy.trainer.executor;

import dev.convoy.models.training.ComputeProfile;

/** An executor whose arithmetic is not the run's. */
public final class ProfileMismatchException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  ProfileMismatchException(ComputeProfile run, ComputeProfile here) {
    super(
        ("the run computes with %s, this executor with %s, so its results would differ in their last"
                + " bits; use machines of one kind, or set allow_mixed_profiles: true, which marks"
                + " the run as not repeatable")
            .formatted(run, here));
  }
}
