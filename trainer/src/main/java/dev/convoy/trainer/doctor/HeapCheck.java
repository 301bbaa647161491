package dev.convoy.trainer.doctor;

import dev.convoy.data.dataset.DatasetManifest;
import dev.convoy.data.dataset.ImageStatistics;
import dev.convoy.data.dataset.ShardCache;
import dev.convoy.data.dataset.ShardEntry;
import dev.convoy.data.dataset.Split;
import dev.convoy.trainer.averaging.Slicing;
import dev.convoy.trainer.round.WorkerBatches;
import dev.convoy.trainer.training.TrainingSetup;
import java.util.ArrayList;
import java.util.List;

/**
 * Room for the states of a round on Java's heap. A state is two float32 vectors as long as the
 * parameters. An executor holds the starting state once and the broadcast's blocks of it, and for
 * each slot the state that came out, which is written from where it lies; afterwards, for each
 * slot, every worker's part of the slice that it merges. Each slot also has the shard that it
 * reads, what it took of others, and an image being decoded. The driver holds the state, its
 * broadcast's blocks, the slices, the average, and what a checkpoint writes; with a moving average
 * of the weights also that one, the one before it, and what a checkpoint writes of it, half a state
 * each.
 */
final class HeapCheck implements Check<HeapCheck.Heap> {

  private static final int STATES_OF_AN_EXECUTOR = 2;
  private static final int STATES_OF_THE_DRIVER = 5;
  private static final int AVERAGES_OF_THE_DRIVER = 3;

  /** A shard as a file and as examples. */
  private static final int SHARDS_OF_A_SLOT = 2;

  /** An image as it comes from the decoder, and in the network's channels. */
  private static final int IMAGES_OF_A_SLOT = 2;

  /** Spark's reserved memory, RESERVED_SYSTEM_MEMORY_BYTES of its UnifiedMemoryManager. */
  private static final long SPARKS_OWN = 300L << 20;

  private final Load load;
  private final List<Executor> executors;
  private final int parallelism;

  /** Most bytes of a process's heap. */
  record Heap(long most) {}

  /**
   * What a run puts on the heaps.
   *
   * @param parameters length of the network's flat vector
   * @param workers logical workers
   * @param averages moving averages of the weights that the driver holds at once
   * @param cachedBytes encoded examples and batches loaded ahead that an executor keeps at most
   * @param loadingBytes shards and images in the hands of a slot that loads
   */
  record Load(int parameters, int workers, int averages, long cachedBytes, long loadingBytes) {

    static Load of(TrainingSetup setup) {
      return new Load(
          setup.layout().length(),
          setup.config().workers(),
          setup.ema().isPresent() ? AVERAGES_OF_THE_DRIVER : 0,
          Math.min(
                  setup.config().memory().shardCache().bytes(),
                  ShardCache.estimate(setup.manifest().shards(Split.TRAIN)))
              + setup.config().memory().prefetch().bytes(),
          loading(setup.manifest(), setup.config().memory().prefetch().bytes() > 0));
    }

    /** What is loaded ahead waits with its examples in hand while the slot's task loads, too. */
    static long loading(DatasetManifest manifest, boolean ahead) {
      long examples = Math.min(WorkerBatches.STRETCH_BYTES, manifest.bytes(Split.TRAIN));
      return (ahead ? 2 : 1) * examples
          + SHARDS_OF_A_SLOT * largestShard(manifest)
          + IMAGES_OF_A_SLOT * largestImage(manifest.images());
    }

    private static long largestShard(DatasetManifest manifest) {
      return manifest.shards().stream().mapToLong(ShardEntry::bytes).max().orElse(0);
    }

    private static long largestImage(ImageStatistics images) {
      return (long) images.maxHeight() * images.maxWidth() * (images.colour() > 0 ? 3 : 1);
    }

    /** On the driver. */
    long driver() {
      return STATES_OF_THE_DRIVER * state() + averages * state() / 2;
    }

    /** Two float32 vectors. */
    long state() {
      return 2L * Float.BYTES * parameters;
    }
  }

  /**
   * A check of a run's heaps.
   *
   * @param parallelism Spark's default, which decides the number of slices
   */
  HeapCheck(Load load, List<Executor> executors, int parallelism) {
    this.load = load;
    this.executors = executors;
    this.parallelism = parallelism;
  }

  @Override
  public String name() {
    return "heap";
  }

  @Override
  public Probe<Heap> probe() {
    return () -> new Heap(Runtime.getRuntime().maxMemory());
  }

  @Override
  public Class<Heap> answer() {
    return Heap.class;
  }

  @Override
  public boolean concernsDriver() {
    return true;
  }

  @Override
  public List<Verdict> judge(List<Found<Heap>> answers) {
    List<Verdict> verdicts = new ArrayList<>();
    for (Found<Heap> found : answers) {
      Place place = found.place();
      int slots = Executor.slotsOf(place, executors);
      long states = place.isDriver() ? load.driver() : 0;
      states += slots > 0 ? executor(slots) : 0;
      long cache = slots > 0 ? load.cachedBytes() + slots * load.loadingBytes() : 0;
      String setting =
          place.isDriver()
              ? "the driver's heap (CONVOY_HEAP, spark.driver.memory)"
              : "spark.executor.memory";
      String advice =
          "set %s to at least %s"
              .formatted(setting, MemorySize.setting(states + cache + SPARKS_OWN));
      String detail =
          "a round's states take %s of a heap of %s"
              .formatted(MemorySize.text(states), MemorySize.text(found.value().most()));
      if (states + SPARKS_OWN > found.value().most()) {
        verdicts.add(Verdict.fails(place, detail + ", and Spark itself " + own(), advice));
      } else if (states + cache + SPARKS_OWN > found.value().most()) {
        verdicts.add(
            Verdict.warning(
                place,
                "%s, Spark itself %s, shards, batches and images up to %s"
                    .formatted(detail, own(), MemorySize.text(cache)),
                advice + ", or memory.shard_cache and memory.prefetch lower"));
      } else {
        verdicts.add(Verdict.ok(place, detail));
      }
    }
    return verdicts;
  }

  private static String own() {
    return MemorySize.text(SPARKS_OWN);
  }

  private long executor(int slots) {
    int slices = Slicing.forMerging(load.parameters(), parallelism, load.workers()).slices();
    long merging = (load.workers() + 2) * load.state() / slices; // and the result, twice
    return STATES_OF_AN_EXECUTOR * load.state() + slots * Math.max(load.state(), merging);
  }
}
