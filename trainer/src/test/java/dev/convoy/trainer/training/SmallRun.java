package dev.convoy.trainer.training;

import dev.convoy.data.image.PixelImage;
import dev.convoy.data.image.PngEncoder;
import dev.convoy.data.ingest.Ingest;
import dev.convoy.data.ingest.IngestOptions;
import dev.convoy.trainer.config.Configurations;
import dev.convoy.trainer.config.ConvoyConfig;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;

/** A dataset of bright bars, upright in one class and level in the other, and runs on it. */
final class SmallRun {

  /** Not a multiple of anything that the tests divide it by. */
  static final int EXAMPLES_PER_CLASS = 53;

  private SmallRun() {}

  static SparkSession session() {
    return session(3);
  }

  /** A new session, or the one there is. */
  static SparkSession session(int slots) {
    return SparkSession.builder()
        .master("local[%d,4]".formatted(slots))
        .config("spark.ui.enabled", "false")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.serializer", "org.apache.spark.serializer.KryoSerializer")
        .config(
            "spark.kryo.registrator", dev.convoy.trainer.kryo.ConvoyKryoRegistrator.class.getName())
        .config("spark.kryoserializer.buffer.max", "1g")
        .getOrCreate();
  }

  /** Writes the images and ingests them; several shards, a test split, no validation split. */
  static Path dataset(Path folder) throws IOException {
    SplittableRandom random = new SplittableRandom(5);
    for (String name : List.of("level", "upright")) {
      Path images = Files.createDirectories(folder.resolve("images").resolve(name));
      for (int i = 0; i < EXAMPLES_PER_CLASS; i++) {
        byte[] pixels = new byte[28 * 28];
        int place = 4 + random.nextInt(20);
        for (int p = 0; p < pixels.length; p++) {
          int along = name.equals("level") ? p / 28 : p % 28;
          pixels[p] = (byte) ((along == place ? 200 : 0) + random.nextInt(50));
        }
        Files.write(
            images.resolve(i + ".png"), PngEncoder.encode(new PixelImage(28, 28, 1, pixels)));
      }
    }
    Path dataset = folder.resolve("dataset");
    new Ingest()
        .run(
            session(),
            IngestOptions.of(folder.resolve("images").toString(), dataset.toString())
                .withShares(0, 0.2)
                .withShardBytes(20_000));
    return dataset;
  }

  static ConvoyConfig config(Path dataset, Path run, String... overrides) {
    List<String> all =
        new java.util.ArrayList<>(
            List.of("dataset='%s'".formatted(dataset), "run='%s'".formatted(run)));
    all.addAll(List.of(overrides));
    return Configurations.load(
        """
        seed: 7
        epochs: 2
        workers: 3
        batch: 8
        sync: {strategy: average, steps: 2}
        model: {name: lenet}
        optimizer: {learning_rate: 0.02, momentum: 0.9, weight_decay: 1.0e-4}
        schedule: {kind: cosine, warmup_epochs: 0.5}
        augment: {train: [{shift: {pixels: 2}}]}
        checkpoint: {every_rounds: 1, keep: 100}
        """,
        all);
  }

  static TrainingJob job() {
    return job(session());
  }

  static TrainingJob job(SparkSession session) {
    return new TrainingJob(
        new JavaSparkContext(session.sparkContext()),
        new StopRequest(),
        Clock.systemUTC(),
        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));
  }
}
