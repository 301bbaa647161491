package dev.convoy.trainer.benchmark;

import dev.convoy.data.image.PixelImage;
import dev.convoy.data.image.PngEncoder;
import dev.convoy.data.ingest.Ingest;
import dev.convoy.data.ingest.IngestOptions;
import dev.convoy.data.storage.Storage;
import dev.convoy.models.InputShape;
import java.io.IOException;
import java.util.SplittableRandom;
import org.apache.spark.sql.SparkSession;

/** A dataset of noise in a network's own size, the same every time. */
final class NoiseDataset {

  private static final String IMAGES = "images";
  private static final String DATASET = "dataset";

  private NoiseDataset() {}

  /**
   * Draws the images and ingests them.
   *
   * @param folder empty or new; all executors reach it
   * @param examples at least as many as classes
   * @return the dataset's folder
   */
  static String write(
      SparkSession session, Storage folder, InputShape shape, int classes, int examples)
      throws IOException {
    SplittableRandom random = new SplittableRandom(1);
    Storage images = folder.folder(IMAGES);
    for (int i = 0; i < examples; i++) {
      byte[] pixels = new byte[shape.values()];
      random.nextBytes(pixels);
      PixelImage image = new PixelImage(shape.height(), shape.width(), shape.channels(), pixels);
      images.write(
          "class-%06d/%08d.png".formatted(i % classes, i / classes), PngEncoder.encode(image));
    }
    String dataset = folder.folder(DATASET).location();
    new Ingest().run(session, IngestOptions.of(images.location(), dataset));
    images.delete("");
    return dataset;
  }
}
