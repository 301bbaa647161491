package dev.convoy.trainer.doctor;

import dev.convoy.models.engine.backend.Device;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.SparkConf;

/** Room for the networks outside Java's heap, which Spark does not see. */
final class MemoryCheck implements Check<ProcessMemory> {

  private static final String OVERHEAD = "spark.executor.memoryOverhead";
  private static final String FACTOR = "spark.executor.memoryOverheadFactor";
  private static final long LEAST_OVERHEAD_MIB = 384;
  private static final double OVERHEAD_SHARE = 0.1;

  /**
   * What a JVM with Spark in it holds outside its heap by itself, roughly: code, classes, stacks.
   */
  private static final long JVM = 256L << 20;

  private final ProcessMemory.Plan plan;
  private final int parameters;
  private final SparkConf conf;
  private final List<Executor> executors;

  /**
   * A check of a run's memory.
   *
   * @param parameters length of the network's flat vector
   */
  MemoryCheck(ProcessMemory.Plan plan, int parameters, SparkConf conf, List<Executor> executors) {
    this.plan = plan;
    this.parameters = parameters;
    this.conf = conf;
    this.executors = executors;
  }

  @Override
  public String name() {
    return "memory";
  }

  @Override
  public Probe<ProcessMemory> probe() {
    ProcessMemory.Plan planned = plan;
    return () -> ProcessMemory.here(planned);
  }

  @Override
  public Class<ProcessMemory> answer() {
    return ProcessMemory.class;
  }

  @Override
  public String advice() {
    return "give the executor more memory, or take a smaller batch";
  }

  @Override
  public List<Verdict> judge(List<Found<ProcessMemory>> answers) {
    List<Verdict> verdicts = new ArrayList<>();
    for (Found<ProcessMemory> found : answers) {
      ProcessMemory memory = found.value();
      if (memory.device().equals(Device.Gpu.KIND)) {
        String detail =
            "a network needs %s of its GPU".formatted(MemorySize.text(memory.network()));
        verdicts.add(Verdict.ok(found.place(), detail));
      } else if (!memory.device().isEmpty()) {
        verdicts.add(
            limit(found)
                .or(() -> overhead(found))
                .or(() -> machine(found, answers))
                .orElseGet(() -> Verdict.ok(found.place(), "the networks need " + need(found))));
      }
    }
    return verdicts;
  }

  /** JavaCPP refuses to go on above limits of its own. */
  private Optional<Verdict> limit(Found<ProcessMemory> found) {
    ProcessMemory memory = found.value();
    long process = memory.limits().processBytes();
    if (process > 0 && memory.heap() + networks(found) > process) {
      return Optional.of(
          Verdict.fails(
              found.place(),
              "JavaCPP allows this process %s, its heap of %s and the networks need more: %s"
                  .formatted(MemorySize.text(process), MemorySize.text(memory.heap()), need(found)),
              "add -Dorg.bytedeco.javacpp.maxphysicalbytes=0 to " + javaOptions(found.place())));
    }
    long allocated = memory.limits().allocatedBytes();
    long graphs = (long) slots(found.place()) * parameters * Float.BYTES;
    if (allocated > 0 && graphs > allocated) {
      return Optional.of(
          Verdict.fails(
              found.place(),
              "JavaCPP may allocate %s, ND4J needs %s while networks are made"
                  .formatted(MemorySize.text(allocated), MemorySize.text(graphs)),
              "add -Dorg.bytedeco.javacpp.maxbytes=0 to " + javaOptions(found.place())));
    }
    return Optional.empty();
  }

  private static String javaOptions(Place place) {
    return place.isDriver()
        ? "CONVOY_OPTS, or spark-submit's --driver-java-options"
        : "spark.executor.extraJavaOptions";
  }

  /** YARN and Kubernetes kill an executor that is larger than heap and overhead. */
  private Optional<Verdict> overhead(Found<ProcessMemory> found) {
    boolean enforced = inContainers();
    if (!enforced && !conf.contains(OVERHEAD)) {
      return Optional.empty();
    }
    long room = overhead();
    long networks = networks(found);
    if (networks + JVM <= room) {
      return Optional.empty();
    }
    String detail =
        "the networks need %s, %s is %s".formatted(need(found), OVERHEAD, MemorySize.text(room));
    String advice = "set it to at least %s".formatted(MemorySize.setting(networks + JVM));
    return Optional.of(
        enforced && networks > room
            ? Verdict.fails(found.place(), detail, advice)
            : Verdict.warning(
                found.place(),
                enforced
                    ? detail + ", and the JVM itself needs about " + MemorySize.text(JVM)
                    : detail + ", which this cluster does not enforce, but YARN and Kubernetes do",
                advice));
  }

  private boolean inContainers() {
    String master = conf.get("spark.master");
    return master.startsWith("yarn") || master.startsWith("k8s");
  }

  /** As Spark reckons it where it is not set. */
  private long overhead() {
    long memory = conf.getSizeAsMb("spark.executor.memory", "1g");
    double share = conf.getDouble(FACTOR, OVERHEAD_SHARE);
    long byDefault = Math.max(LEAST_OVERHEAD_MIB, (long) (memory * share));
    return conf.getSizeAsMb(OVERHEAD, byDefault + "m") << 20;
  }

  /** All executors of a machine live in its memory; a container has its own. */
  private Optional<Verdict> machine(Found<ProcessMemory> found, List<Found<ProcessMemory>> all) {
    List<Found<ProcessMemory>> together =
        inContainers()
            ? List.of(found)
            : all.stream()
                .filter(other -> other.place().host().equals(found.place().host()))
                .toList();
    long networks = together.stream().mapToLong(this::networks).sum();
    long heaps = together.stream().mapToLong(other -> other.value().heap()).sum();
    long physical = found.value().physical();
    String advice = "give the machine fewer or smaller executors, or take a smaller batch";
    if (networks > physical) {
      return Optional.of(
          Verdict.fails(
              found.place(),
              "the networks on this machine need %s, it has %s"
                  .formatted(MemorySize.text(networks), MemorySize.text(physical)),
              advice));
    }
    if (networks + heaps > physical) {
      return Optional.of(
          Verdict.warning(
              found.place(),
              "heaps and networks on this machine may come to %s, it has %s"
                  .formatted(MemorySize.text(networks + heaps), MemorySize.text(physical)),
              advice));
    }
    return Optional.empty();
  }

  private String need(Found<ProcessMemory> found) {
    int slots = slots(found.place());
    return "%s outside the heap (%d %s of %s)"
        .formatted(
            MemorySize.text(networks(found)),
            slots,
            slots == 1 ? "slot" : "slots",
            MemorySize.text(found.value().network()));
  }

  private long networks(Found<ProcessMemory> found) {
    return slots(found.place()) * found.value().network();
  }

  private int slots(Place place) {
    return Executor.slotsOf(place, executors);
  }
}
