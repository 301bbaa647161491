package dev.convoy.trainer.doctor;

import static dev.convoy.trainer.doctor.Answers.DRIVER;
import static dev.convoy.trainer.doctor.Answers.executor;
import static dev.convoy.trainer.doctor.Answers.executors;
import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.models.InputShape;
import dev.convoy.models.ModelSpec;
import dev.convoy.models.training.DeviceChoice;
import dev.convoy.models.training.LossSettings;
import dev.convoy.models.training.NativeLimits;
import dev.convoy.models.training.OptimizerSettings;
import dev.convoy.models.training.PrecisionChoice;
import dev.convoy.models.training.StepSettings;
import java.util.List;
import java.util.Set;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Room outside and on the heap, for machines of every size. */
final class MemoryChecksTest {

  private static final long MIB = 1 << 20;
  private static final int RESNET50 = 25_610_152;
  private static final NativeLimits NO_LIMITS = new NativeLimits(0, 0);
  private static final ProcessMemory.Plan LENET =
      new ProcessMemory.Plan(
          ModelSpec.of("lenet", new InputShape(1, 28, 28), 10),
          StepSettings.of(new OptimizerSettings(0.9, 0, Set.of()), LossSettings.smoothed(0)),
          DeviceChoice.CPU,
          1,
          PrecisionChoice.FLOAT32,
          8,
          100);

  private static ProcessMemory process(long network, long heap, long physical) {
    return new ProcessMemory("cpu", network * MIB, heap * MIB, physical * MIB, NO_LIMITS);
  }

  /** Two executors with two slots each on one host, all alike. */
  private static Verdict judge(SparkConf conf, ProcessMemory memory) {
    return new MemoryCheck(LENET, RESNET50, conf, executors(2, 2))
        .judge(List.of(Answers.of(executor(0), memory), Answers.of(executor(1), memory)))
        .get(0);
  }

  private static SparkConf on(String master) {
    return new SparkConf(false).set("spark.master", master).set("spark.executor.memory", "8g");
  }

  @ParameterizedTest
  @CsvSource({
    "200, ok, the networks need 400 MiB outside the heap (2 slots of 200 MiB)",
    "300, warning, and the JVM itself needs about 256 MiB",
    "410, fails, spark.executor.memoryOverhead is 819 MiB"
  })
  void overheadIsAsSparkReckonsIt(int network, String level, String detail) {
    Verdict verdict = judge(on("yarn"), process(network, 8192, 64_000));
    assertThat(verdict.level().word()).isEqualTo(level);
    assertThat(verdict.detail()).contains(detail);
  }

  @Test
  void overheadThatIsSetCounts() {
    SparkConf conf = on("k8s://https://host").set("spark.executor.memoryOverhead", "384");
    Verdict verdict = judge(conf, process(200, 1024, 64_000));
    assertThat(verdict.level()).isEqualTo(Level.FAILS);
    assertThat(verdict.advice()).isEqualTo("set it to at least 656m");
    assertThat(judge(conf.set("spark.executor.memoryOverhead", "656m"), process(200, 1024, 64_000)))
        .extracting(Verdict::level)
        .isEqualTo(Level.OK);
  }

  @Test
  void standaloneDoesNotEnforceOverhead() {
    ProcessMemory memory = process(200, 1024, 64_000);
    assertThat(judge(on("spark://host:7077"), memory).level()).isEqualTo(Level.OK);
    SparkConf set = on("spark://host:7077").set("spark.executor.memoryOverhead", "1m");
    assertThat(judge(set, memory).level()).isEqualTo(Level.WARNING);
    assertThat(judge(set, memory).detail()).contains("which this cluster does not enforce");
  }

  @Test
  void executorsOfOneHostShareItsMemory() {
    SparkConf conf = on("spark://host:7077");
    assertThat(judge(conf, process(1000, 1000, 6000)).level()).isEqualTo(Level.OK);
    assertThat(judge(conf, process(1000, 1000, 5999)).level()).isEqualTo(Level.WARNING);
    Verdict none = judge(conf, process(1000, 1000, 3999));
    assertThat(none.level()).isEqualTo(Level.FAILS);
    assertThat(none.detail()).contains("need 4000 MiB, it has 3999 MiB");
  }

  @Test
  void limitsOfJavaCppAreSaid() {
    ProcessMemory process = process(100, 1000, 64_000);
    ProcessMemory small =
        new ProcessMemory(
            "cpu",
            process.network(),
            process.heap(),
            process.physical(),
            new NativeLimits(0, 1199 * MIB));
    assertThat(judge(on("spark://host:7077"), small))
        .satisfies(
            verdict -> {
              assertThat(verdict.level()).isEqualTo(Level.FAILS);
              assertThat(verdict.advice()).contains("maxphysicalbytes=0");
            });
    ProcessMemory fewer =
        new ProcessMemory(
            "cpu",
            process.network(),
            process.heap(),
            process.physical(),
            new NativeLimits(100 * MIB, 0));
    assertThat(judge(on("spark://host:7077"), fewer).advice()).contains("maxbytes=0");
  }

  @Test
  void networkOnGpuNeedsNothingHere() {
    ProcessMemory onGpu = new ProcessMemory("gpu", 40_000 * MIB, MIB, 1000 * MIB, NO_LIMITS);
    Verdict verdict = judge(on("yarn"), onGpu);
    assertThat(verdict.level()).isEqualTo(Level.OK);
    assertThat(verdict.detail()).contains("40000 MiB of its GPU");
  }

  @Test
  void processWithoutProfileIsLeftOut() {
    ProcessMemory unknown = new ProcessMemory("", 0, MIB, MIB, NO_LIMITS);
    assertThat(
            new MemoryCheck(LENET, RESNET50, on("yarn"), executors(1, 1))
                .judge(List.of(Answers.of(executor(0), unknown))))
        .isEmpty();
  }

  @Test
  void plansAreMeasured() {
    ProcessMemory here = ProcessMemory.here(LENET);
    assertThat(here.device()).isEqualTo("cpu");
    // LeNet-5 has 61,706 parameters; 100 images of 784 numbers are evaluated at a time.
    assertThat(here.network()).isBetween(3 * 4 * 61_706L + 4 * 100 * 784, 64 * MIB);
    assertThat(here.heap()).isEqualTo(Runtime.getRuntime().maxMemory());
    assertThat(here.physical()).isGreaterThan(here.heap());
  }

  private static Verdict heap(int parameters, long shards, long mib, Place place) {
    return new HeapCheck(new HeapCheck.Load(parameters, 8, 0, shards * MIB, 0), executors(2, 2), 4)
        .judge(List.of(Answers.of(place, new HeapCheck.Heap(mib * MIB))))
        .get(0);
  }

  @Test
  void statesOfARoundFitIntoTheHeaps() {
    // A state of ResNet-50 takes 196 MiB: two, and for each of two slots the parts of eight workers
    // and twice the sum of one slice of eight; five on the driver.
    assertThat(heap(RESNET50, 0, 1200, executor(0)).level()).isEqualTo(Level.OK);
    assertThat(heap(RESNET50, 512, 1200, executor(0)).level()).isEqualTo(Level.WARNING);
    Verdict small = heap(RESNET50, 0, 1024, executor(0));
    assertThat(small.level()).isEqualTo(Level.FAILS);
    assertThat(small.detail()).contains("a round's states take 880 MiB of a heap of 1024 MiB");
    assertThat(small.advice()).isEqualTo("set spark.executor.memory to at least 1180m");
    assertThat(heap(RESNET50, 512, 1300, DRIVER).level()).isEqualTo(Level.OK);
    assertThat(heap(RESNET50, 512, 1024, DRIVER).advice()).contains("CONVOY_HEAP");
    // A moving average of the weights, the one before it, and its file: half a state each.
    HeapCheck.Load averaged = new HeapCheck.Load(RESNET50, 8, 3, 0, 0);
    assertThat(averaged.driver() - new HeapCheck.Load(RESNET50, 8, 0, 0, 0).driver())
        .isEqualTo(3L * Float.BYTES * RESNET50);
  }

  @Test
  void whatSlotsHaveInHandIsCounted() {
    HeapCheck.Load load = new HeapCheck.Load(RESNET50, 8, 0, 100 * MIB, 50 * MIB);
    Verdict verdict =
        new HeapCheck(load, executors(2, 2), 4)
            .judge(List.of(Answers.of(executor(0), new HeapCheck.Heap(1300 * MIB))))
            .get(0);
    // Of 1180 MiB without them, with a cache and two slots.
    assertThat(verdict.level()).isEqualTo(Level.WARNING);
    assertThat(verdict.detail()).contains("shards, batches and images up to 200 MiB");
  }
}
