package dev.convoy.trainer.executor;

import dev.convoy.data.InvalidRequestException;
import dev.convoy.models.engine.backend.Backends;
import dev.convoy.models.engine.backend.Device;
import dev.convoy.models.training.ComputeProfile;
import dev.convoy.models.training.DeviceChoice;
import dev.convoy.trainer.executor.ExecutorSettings.MixedProfiles;
import java.util.List;
import java.util.function.Predicate;
import org.apache.spark.TaskContext;
import org.apache.spark.resource.ResourceInformation;

/**
 * The device that the task of the calling thread computes on: one GPU that Spark assigned to it.
 */
public final class TaskDevice {

  /** Spark's name for GPUs among its resources. */
  public static final String RESOURCE = "gpu";

  private TaskDevice() {}

  /** The addresses of the GPUs that Spark assigned to the task; none outside of tasks. */
  public static List<String> gpus() {
    TaskContext task = TaskContext.get();
    ResourceInformation assigned = task == null ? null : task.resourcesJMap().get(RESOURCE);
    return assigned == null ? List.of() : List.of(assigned.addresses());
  }

  /**
   * What a person's choice means for the task.
   *
   * @throws InvalidRequestException if it needs a GPU and the task has none or several
   */
  public static Device chosen(DeviceChoice choice) {
    return chosen(choice, gpus(), gpu -> Backends.ofThisBuild().serve(gpu));
  }

  static Device chosen(DeviceChoice choice, List<String> gpus, Predicate<Device> served) {
    return switch (choice) {
      case CPU -> Device.cpu();
      case GPU -> only("device is gpu", gpus);
      case AUTO ->
          gpus.isEmpty() || !served.test(Device.gpu(gpus.get(0)))
              ? Device.cpu()
              : only("device is auto", gpus);
    };
  }

  /**
   * The task's device of the kind that a run computes on. Where profiles may mix, a task without a
   * GPU computes on the CPU.
   *
   * @throws InvalidRequestException if the run needs a GPU and the task has none or several
   */
  static Device of(ComputeProfile run, MixedProfiles mixed, List<String> gpus) {
    boolean onGpu = run.device().equals(Device.Gpu.KIND);
    return !onGpu || (gpus.isEmpty() && mixed == MixedProfiles.ALLOWED)
        ? Device.cpu()
        : only("the run computes on GPUs", gpus);
  }

  private static Device only(String wanted, List<String> gpus) {
    if (gpus.isEmpty()) {
      throw new InvalidRequestException(
          ("%s, but Spark assigned no GPU to this task; submit with spark.executor.resource.gpu.amount,"
                  + " spark.task.resource.gpu.amount=1 and a discovery script, or compute on CPUs")
              .formatted(wanted));
    }
    if (gpus.size() > 1) {
      throw new InvalidRequestException(
          ("%s, and Spark assigned %d GPUs to this task (%s), of which a worker would use one; set"
                  + " spark.task.resource.gpu.amount=1")
              .formatted(wanted, gpus.size(), String.join(", ", gpus)));
    }
    return Device.gpu(gpus.get(0));
  }
}
