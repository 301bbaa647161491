package dev.convoy.trainer.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.convoy.data.ingest.Ingest;
import dev.convoy.data.ingest.IngestOptions;
import dev.convoy.data.storage.Storage;
import dev.convoy.trainer.TinyImages;
import dev.convoy.trainer.checkpoint.Checkpoint;
import dev.convoy.trainer.checkpoint.CheckpointStore;
import dev.convoy.trainer.config.Configurations;
import dev.convoy.trainer.config.ConvoyConfig;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The disk with the run directory is full after so many bytes: what was committed is whole, and a
 * resume on a freed disk ends as if nothing had been.
 */
final class FullDiskTest {

  private static final int POINTS = 8;

  @TempDir private static Path shared;
  private static SparkSession session;
  private static JavaSparkContext spark;
  private static String undisturbed;
  private static long bytesOfRun;

  @TempDir private Path folder;

  @BeforeAll
  static void trainUndisturbed() throws IOException {
    session =
        SparkSession.builder()
            .master("local[1]")
            .appName("tests")
            .config("spark.ui.enabled", "false")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.hadoop.fs.full.impl", FullDiskFileSystem.class.getName())
            .config(
                "spark.hadoop.fs.AbstractFileSystem.full.impl", FullDiskFileContext.class.getName())
            .getOrCreate();
    spark = new JavaSparkContext(session.sparkContext());
    Path images = TinyImages.write(shared.resolve("images"), 20, "dark", "light");
    new Ingest().run(session, IngestOptions.of(images.toString(), dataset()));
    FullDiskFileSystem.setFree(Long.MAX_VALUE);
    undisturbed = job().train(config(shared.resolve("run"))).parametersSha256();
    bytesOfRun = Long.MAX_VALUE - FullDiskFileSystem.free();
    assertThat(bytesOfRun).as("through the file system under test").isGreaterThan(1_000_000);
  }

  @AfterAll
  static void stop() {
    session.stop();
  }

  @AfterEach
  void free() {
    FullDiskFileSystem.setFree(Long.MAX_VALUE);
  }

  /** From nothing at all over the lease and the run's record to the report at the end. */
  static LongStream fillings() {
    return LongStream.concat(
        LongStream.of(0, 100, 1500, bytesOfRun - 1000),
        LongStream.rangeClosed(1, POINTS).map(i -> bytesOfRun * i / (POINTS + 1)));
  }

  @ParameterizedTest
  @MethodSource("fillings")
  void resumeEndsAsIfNothingHadBeen(long bytes) throws Exception {
    Path run = folder.resolve("run");
    FullDiskFileSystem.setFree(bytes);
    Throwable failure = catchThrowable(() -> job().train(config(run)));
    assertThat(failure)
        .isInstanceOf(IOException.class)
        .hasMessageContaining(run.toString())
        .hasMessageContaining("No space left on device");

    FullDiskFileSystem.setFree(Long.MAX_VALUE);
    List<Path> committed = committed(run);
    for (Path checkpoint : committed) {
      CheckpointStore.read(Storage.at(checkpoint.toString(), new Configuration()));
    }
    Storage storage = Storage.at(run.toString(), new Configuration());
    assertThat(storage.exists("lease.json")).as("given back").isFalse();
    assertThat(new CheckpointStore(storage, 1).newest().map(Checkpoint::name))
        .isEqualTo(
            committed.stream().reduce((a, b) -> b).map(path -> path.getFileName().toString()));
    RunResult result =
        storage.exists("run.json")
            ? job().resume(location(run), List.of())
            : job().train(config(run));
    assertThat(result.parametersSha256()).isEqualTo(undisturbed);
    assertThat(result.rounds()).isEqualTo(4);
    assertThat(result.examples()).isEqualTo(80);
    List<String> metrics = Files.readAllLines(run.resolve("metrics.jsonl"));
    for (int round = 0; round < 4; round++) {
      String text = "{\"kind\":\"round\",\"round\":" + round + ",";
      assertThat(metrics).as("round %d", round).filteredOn(l -> l.startsWith(text)).hasSize(1);
    }
  }

  @Test
  void diskThatIsFullTwiceLosesNothing() throws Exception {
    Path run = folder.resolve("run");
    FullDiskFileSystem.setFree(bytesOfRun / 3);
    assertThat(catchThrowable(() -> job().train(config(run)))).isInstanceOf(IOException.class);
    FullDiskFileSystem.setFree(bytesOfRun / 3);
    assertThat(catchThrowable(() -> job().resume(location(run), List.of())))
        .isInstanceOf(IOException.class);
    FullDiskFileSystem.setFree(Long.MAX_VALUE);
    assertThat(job().resume(location(run), List.of()).parametersSha256()).isEqualTo(undisturbed);
  }

  private static TrainingJob job() {
    return new TrainingJob(
        spark,
        new StopRequest(),
        Clock.systemUTC(),
        new PrintStream(OutputStream.nullOutputStream(), true));
  }

  private static String dataset() {
    return shared.resolve("dataset").toString();
  }

  private static String location(Path run) {
    return FullDiskFileSystem.SCHEME + "://" + run;
  }

  private static ConvoyConfig config(Path run) {
    return Configurations.load(
        """
        dataset: %s
        run: %s
        epochs: 2
        workers: 2
        batch: 10
        sync: {steps: 1}
        model: {name: lenet}
        optimizer: {learning_rate: 0.01}
        checkpoint: {every_rounds: 1, keep: 2}
        evaluation: {every_epochs: 0}
        """
            .formatted(dataset(), location(run)));
  }

  private static List<Path> committed(Path run) throws IOException {
    Path checkpoints = run.resolve("checkpoints");
    if (!Files.exists(checkpoints)) {
      return List.of();
    }
    try (Stream<Path> found = Files.list(checkpoints)) {
      return found.filter(path -> Files.exists(path.resolve("checkpoint.json"))).sorted().toList();
    }
  }
}
