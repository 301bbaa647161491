package dev.convoy.trainer.executor;

import dev.convoy.data.storage.HadoopSettings;
import dev.convoy.models.ModelSpec;
import dev.convoy.models.training.ComputeProfile;
import dev.convoy.models.training.LossSettings;
import dev.convoy.models.training.OptimizerSettings;
import dev.convoy.models.training.StepSettings;
import java.io.Serializable;

/**
 * From what an executor makes what it keeps of a run.
 *
 * @param key names the run among all that an executor may serve
 * @param model the network
 * @param step what a training step computes; unused where nothing is trained
 * @param profile the arithmetic every executor must have
 * @param mixedProfiles whether an executor with another profile is used all the same
 * @param limits of what is kept between tasks
 * @param hadoop file system settings, credentials included; never logged
 */
public record ExecutorSettings(
    RunKey key,
    ModelSpec model,
    StepSettings step,
    ComputeProfile profile,
    MixedProfiles mixedProfiles,
    CacheLimits limits,
    HadoopSettings hadoop)
    implements Serializable {

  /** With steps on whole batches and all classes of one weight. */
  public ExecutorSettings(
      RunKey key,
      ModelSpec model,
      OptimizerSettings optimizer,
      double labelSmoothing,
      ComputeProfile profile,
      MixedProfiles mixedProfiles,
      CacheLimits limits,
      HadoopSettings hadoop) {
    this(
        key,
        model,
        StepSettings.of(optimizer, LossSettings.smoothed(labelSmoothing)),
        profile,
        mixedProfiles,
        limits,
        hadoop);
  }

  /** What happens to an executor whose compute profile is not the run's. */
  public enum MixedProfiles {
    /** Its tasks fail, naming both profiles. */
    REFUSED,
    /** It works; the run is marked as not repeatable. */
    ALLOWED
  }

  /** Without the credentials that the Hadoop configuration may hold. */
  @Override
  public String toString() {
    return "ExecutorSettings[key=%s, model=%s, profile=%s]".formatted(key, model, profile);
  }
}
