package dev.convoy.trainer.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.data.storage.HadoopSettings;
import dev.convoy.models.training.ComputeProfile;
import dev.convoy.trainer.Eventually;
import dev.convoy.trainer.Layouts;
import dev.convoy.trainer.Position;
import dev.convoy.trainer.averaging.StateLayout;
import dev.convoy.trainer.averaging.TrainingState;
import dev.convoy.trainer.config.ConvoyConfig;
import dev.convoy.trainer.executor.RunKey;
import dev.convoy.trainer.round.RoundRunner;
import dev.convoy.trainer.round.RunSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.MapOutputTrackerMaster;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rounds leave nothing behind: not in Spark's memory, not on disk, not outside the heap. */
@Tag("full")
final class ReleaseTest {

  private static final int EARLY = 20;
  private static final int LATE = 200;
  private static final int SLOTS = 2;

  /** The compiler and class loading of the JVM itself allocate, too. */
  private static final long JVM_BYTES = 16L << 20;

  @TempDir private Path folder;

  @Test
  void twoHundredRoundsLeaveWhatTwentyLeave() throws Exception {
    Path dataset = SmallRun.dataset(folder);
    SmallRun.session().stop();
    Path local = Files.createDirectory(folder.resolve("local"));
    try (SparkSession session =
        SparkSession.builder()
            .master("local[%d]".formatted(SLOTS))
            .config("spark.ui.enabled", "false")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.local.dir", local.toString())
            .getOrCreate()) {
      JavaSparkContext spark = new JavaSparkContext(session.sparkContext());
      ConvoyConfig config =
          SmallRun.config(
              dataset,
              folder.resolve("run"),
              "epochs=100",
              "workers=4",
              "batch=11",
              "sync.steps=1",
              "evaluation.every_epochs=0");
      TrainingSetup setup = TrainingSetups.of(config, new Configuration(false));
      // Parameters and momentum, which travel to the executors at each round's start.
      Measuring measuring = new Measuring(local, 2L * Float.BYTES * setup.layout().length());
      long beforeTheEnd;
      try (RoundRunner rounds =
          new RoundRunner(spark, settings(spark, setup), new StateLayout(setup.layout()))) {
        new TrainingLoop(
                setup,
                rounds,
                state -> Optional.empty(),
                network -> network,
                new StopRequest(),
                List.of(measuring),
                Position.START,
                new TrainingState(
                    Layouts.initialState(setup.model(), config.seed()), setup.strategy().initial()))
            .run();
        beforeTheEnd = NativeHeap.bytes();
      }
      long afterTheEnd = NativeHeap.bytes();
      assertThat(measuring.footprints).hasSize(2);
      Footprint early = measuring.footprints.get(0);
      Footprint late = measuring.footprints.get(1);
      assertThat(late.kept()).as("after %d rounds", LATE).isEqualTo(early.kept());
      assertThat(late.nativeBytes()).isLessThan(early.nativeBytes() + JVM_BYTES);

      // Parameters, gradient and momentum of each slot's network at the least.
      long networks = 3L * SLOTS * Float.BYTES * setup.layout().length();
      assertThat(beforeTheEnd - afterTheEnd)
          .as("bytes outside the heap freed with the run")
          .isGreaterThan(networks);
    }
  }

  private static RunSettings settings(JavaSparkContext spark, TrainingSetup setup) {
    return setup.rounds(
        setup.executor(
            new RunKey(spark.sc().applicationId(), "release"),
            ComputeProfile.resolve(1, setup.config().precision()),
            HadoopSettings.of(spark.hadoopConfiguration())));
  }

  /**
   * What must not grow with the rounds.
   *
   * @param blocks in Spark's memory: broadcasts
   * @param shuffles that the driver knows of
   * @param files below spark.local.dir
   * @param fileBytes their sizes
   * @param nativeObjects of JavaCPP
   * @param nativeObjectBytes of JavaCPP
   */
  private record Kept(
      int blocks,
      int shuffles,
      long files,
      long fileBytes,
      long nativeObjects,
      long nativeObjectBytes) {

    static Kept now(Path local) {
      List<Long> sizes = sizes(local);
      return new Kept(
          SparkEnv.get().blockManager().blockInfoManager().size(),
          knownShuffles(),
          sizes.size(),
          sizes.stream().mapToLong(size -> size).sum(),
          Pointer.totalCount(),
          Pointer.totalBytes());
    }

    static int knownShuffles() {
      return ((MapOutputTrackerMaster) SparkEnv.get().mapOutputTracker()).shuffleStatuses().size();
    }

    private static List<Long> sizes(Path folder) {
      try (Stream<Path> found = Files.walk(folder)) {
        return found.map(Path::toFile).filter(f -> f.isFile()).map(f -> f.length()).toList();
      } catch (IOException | UncheckedIOException e) {
        return List.of(-1L); // a file went while the folder was walked: this is looked at again
      }
    }
  }

  private record Footprint(Kept kept, long nativeBytes) {}

  /** Looks after so many rounds, when what Spark does behind them has come to rest. */
  private static final class Measuring implements TrainingListener {
    private static final int LOOKS_ALIKE = 4;
    private static final int MOST_LOOKS = 100;

    private final Path local;
    private final long stateBytes;
    private final List<Footprint> footprints = new ArrayList<>();

    Measuring(Path local, long stateBytes) {
      this.local = local;
      this.stateBytes = stateBytes;
    }

    @Override
    public void roundCompleted(RoundCompleted event) {
      long round = event.position().round();
      // Not later, when the driver's garbage collector finds what nobody released.
      assertThat(Kept.knownShuffles()).as("shuffles after %d rounds", round).isZero();
      if (round == EARLY) {
        releasedWithoutGarbageCollection();
      }
      if (round == EARLY || round == LATE) {
        footprints.add(new Footprint(atRest(), NativeHeap.bytes()));
      }
    }

    private void releasedWithoutGarbageCollection() {
      try {
        Eventually.holds("shuffle files go", () -> Kept.sizes(local).isEmpty());
        Eventually.holds(
            "the state that was sent goes",
            () -> SparkEnv.get().memoryManager().storageMemoryUsed() < stateBytes);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }

    /** Spark forgets a stage's code when the garbage collector found that nobody has it. */
    private Kept atRest() {
      Kept last = Kept.now(local);
      int alike = 0;
      for (int look = 0; alike < LOOKS_ALIKE && look < MOST_LOOKS; look++) {
        System.gc();
        try {
          TimeUnit.MILLISECONDS.sleep(250);
        } catch (InterruptedException e) {
          throw new IllegalStateException(e);
        }
        Kept now = Kept.now(local);
        alike = now.equals(last) ? alike + 1 : 0;
        last = now;
      }
      return last;
    }
  }
}
