package dev.convoy.trainer.doctor;

import dev.convoy.models.engine.backend.Backends;
import dev.convoy.models.engine.backend.Device;
import dev.convoy.models.training.DeviceChoice;
import dev.convoy.trainer.executor.ClusterProfile;
import dev.convoy.trainer.executor.TaskDevice;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.SparkConf;

/** One GPU for each task, and each for one task only. */
final class GpuCheck implements Check<GpuCheck.Assigned> {

  private final DeviceChoice device;
  private final SparkConf conf;
  private final List<Executor> executors;

  /**
   * What Spark assigned to a task.
   *
   * @param addresses of its GPUs
   * @param served whether the process has a backend for them
   */
  record Assigned(List<String> addresses, boolean served) {

    static Assigned here() {
      List<String> addresses = TaskDevice.gpus();
      boolean served =
          !addresses.isEmpty() && Backends.ofThisBuild().serve(Device.gpu(addresses.get(0)));
      return new Assigned(addresses, served);
    }
  }

  GpuCheck(DeviceChoice device, SparkConf conf, List<Executor> executors) {
    this.device = device;
    this.conf = conf;
    this.executors = executors;
  }

  @Override
  public String name() {
    return "gpus";
  }

  @Override
  public Probe<Assigned> probe() {
    return Assigned::here;
  }

  @Override
  public Class<Assigned> answer() {
    return Assigned.class;
  }

  @Override
  public List<Verdict> judge(List<Found<Assigned>> answers) {
    Map<String, Integer> holders = new HashMap<>();
    for (Executor executor : executors) {
      executor.gpus().forEach(gpu -> holders.merge(onHost(executor.place(), gpu), 1, Integer::sum));
    }
    List<Verdict> verdicts = new ArrayList<>();
    boolean used = false;
    for (Found<Assigned> found : answers) {
      List<String> present =
          executors.stream()
              .filter(executor -> executor.place().equals(found.place()))
              .flatMap(executor -> executor.gpus().stream())
              .toList();
      boolean computes = computesOnGpu(found.value());
      used |= computes;
      verdicts.add(
          computes
              ? used(found.place(), found.value(), present, holders)
              : unused(found.place(), present));
    }
    if (used && ClusterProfile.gpusShared(conf)) {
      verdicts.add(
          Verdict.overall(
              Level.FAILS,
              "tasks would share GPUs: %s is %s"
                  .formatted(
                      ClusterProfile.GPUS_OF_A_TASK, conf.get(ClusterProfile.GPUS_OF_A_TASK)),
              "set it to 1"));
    }
    return verdicts;
  }

  private boolean computesOnGpu(Assigned assigned) {
    return switch (device) {
      case CPU -> false;
      case GPU -> true;
      case AUTO -> assigned.served();
    };
  }

  private static Verdict used(
      Place place, Assigned assigned, List<String> present, Map<String, Integer> holders) {
    List<String> twice =
        present.stream().filter(gpu -> holders.get(onHost(place, gpu)) > 1).toList();
    if (!twice.isEmpty()) {
      return Verdict.fails(
          place,
          "GPU %s was given to another executor of this host, too".formatted(twice.get(0)),
          "let one worker of Spark serve all GPUs of a host, or give each worker its own by its discovery script");
    }
    if (assigned.addresses().isEmpty()) {
      return Verdict.fails(
          place,
          "no GPU is assigned to a task",
          "submit with spark.executor.resource.gpu.amount, spark.task.resource.gpu.amount=1 and a discovery script, or set device: cpu");
    }
    if (assigned.addresses().size() > 1) {
      return Verdict.fails(
          place,
          "%d GPUs are assigned to a task, of which its worker would use one"
              .formatted(assigned.addresses().size()),
          "set %s=1".formatted(ClusterProfile.GPUS_OF_A_TASK));
    }
    return Verdict.ok(
        place, "one of the GPUs %s for each task".formatted(String.join(", ", present)));
  }

  private Verdict unused(Place place, List<String> present) {
    if (present.isEmpty()) {
      return Verdict.ok(place, "no GPUs, and none are asked for");
    }
    return Verdict.warning(
        place,
        "the GPUs %s stay idle".formatted(String.join(", ", present)),
        device == DeviceChoice.CPU
            ? "device is cpu: submit without GPUs, or set device: gpu"
            : "each task needs one (%s=1) and this build a backend for them"
                .formatted(ClusterProfile.GPUS_OF_A_TASK));
  }

  private static String onHost(Place place, String gpu) {
    return place.host() + " " + gpu;
  }
}
