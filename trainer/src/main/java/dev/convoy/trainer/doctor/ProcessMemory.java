package dev.convoy.trainer.doctor;

import com.sun.management.OperatingSystemMXBean;
import dev.convoy.data.InvalidRequestException;
import dev.convoy.models.ModelSpec;
import dev.convoy.models.engine.backend.Device;
import dev.convoy.models.training.ComputeProfile;
import dev.convoy.models.training.DeviceChoice;
import dev.convoy.models.training.NativeLimits;
import dev.convoy.models.training.PrecisionChoice;
import dev.convoy.models.training.StepSettings;
import dev.convoy.models.training.TrainingReplica;
import dev.convoy.trainer.executor.ExecutorProfile;
import dev.convoy.trainer.executor.TaskDevice;
import dev.convoy.trainer.training.TrainingSetup;
import java.io.Serializable;
import java.lang.management.ManagementFactory;

/**
 * What a process needs for a network and what it has, in bytes.
 *
 * @param device "cpu" or "gpu", on which the network lies; "" where there is no profile to compute
 *     in, which another check says
 * @param network of one slot: vectors, batches, plans
 * @param heap most of Java's heap
 * @param physical memory of the machine, or of the container
 * @param limits of JavaCPP
 */
record ProcessMemory(String device, long network, long heap, long physical, NativeLimits limits) {

  /**
   * The networks that a run makes.
   *
   * @param model the network
   * @param step what a step computes
   * @param device what it computes on
   * @param threads of one operation
   * @param precision of its arithmetic
   * @param trained examples of a training batch
   * @param predicted examples of a batch in evaluation
   */
  record Plan(
      ModelSpec model,
      StepSettings step,
      DeviceChoice device,
      int threads,
      PrecisionChoice precision,
      int trained,
      int predicted)
      implements Serializable {

    static Plan of(TrainingSetup setup) {
      return new Plan(
          setup.model(),
          setup.step(),
          setup.config().device(),
          setup.config().threads(),
          setup.config().precision(),
          setup.config().batch(),
          setup.config().evaluation().batch());
    }

    /**
     * Compiles the plans of one network; nothing is computed, so that its memory stays untouched.
     */
    private long bytes(Device chosen, ComputeProfile profile) {
      try (TrainingReplica replica = TrainingReplica.create(model, step, profile, chosen)) {
        return replica.deviceBytes(trained, predicted);
      }
    }
  }

  /** Measures the process that asks. */
  static ProcessMemory here(Plan plan) {
    String device = "";
    long network = 0;
    try {
      ComputeProfile profile =
          ExecutorProfile.resolve(plan.device(), plan.threads(), plan.precision());
      network = plan.bytes(TaskDevice.chosen(plan.device()), profile);
      device = profile.device();
    } catch (InvalidRequestException e) {
      // The check of the profiles says so.
    }
    var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    return new ProcessMemory(
        device,
        network,
        Runtime.getRuntime().maxMemory(),
        system.getTotalMemorySize(),
        NativeLimits.ofThisProcess());
  }
}
