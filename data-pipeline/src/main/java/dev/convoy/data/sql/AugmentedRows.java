package dev.convoy.data.sql;

import dev.convoy.data.BadDataException;
import dev.convoy.data.InvalidRequestException;
import dev.convoy.data.augment.AugmentationPipeline;
import dev.convoy.data.image.ImageDecoder;
import dev.convoy.data.image.PixelImage;
import dev.convoy.data.image.UnreadableImageException;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Decoding and augmentation as a Spark SQL transformation: the same bytes that the workers of a
 * training see in that epoch, as rows to be looked at, counted, or trained on by something else.
 */
public final class AugmentedRows {
  /** What comes in. */
  public static final StructType INPUT =
      new StructType()
          .add("id", DataTypes.StringType, false)
          .add("label", DataTypes.IntegerType, false)
          .add("image", DataTypes.BinaryType, false);

  /**
   * What goes out: {@code pixels} are unsigned bytes, HWC, after augmentation; {@code features} are
   * the same, normalised, CHW.
   */
  public static final StructType OUTPUT =
      new StructType()
          .add("id", DataTypes.StringType, false)
          .add("label", DataTypes.IntegerType, false)
          .add("height", DataTypes.IntegerType, false)
          .add("width", DataTypes.IntegerType, false)
          .add("channels", DataTypes.IntegerType, false)
          .add("pixels", DataTypes.BinaryType, false)
          .add("features", DataTypes.createArrayType(DataTypes.FloatType, false), false);

  private AugmentedRows() {}

  /**
   * Decodes and augments every row, lazily, in the given order.
   *
   * @param examples with the columns of {@link #INPUT}; others are left out
   * @param channels 1 or 3
   * @param seed of the experiment
   * @param epoch from 0
   * @return rows of {@link #OUTPUT}. An image that cannot be read fails the job that computes them
   *     with a {@link BadDataException} naming its id
   * @throws InvalidRequestException if a column is missing or of another type, with all of them
   */
  public static Dataset<Row> transform(
      Dataset<Row> examples, AugmentationPipeline pipeline, int channels, long seed, int epoch) {
    requireColumns(examples.schema());
    if (channels != 1 && channels != 3) {
      throw new InvalidRequestException("channels is 1 or 3, not " + channels);
    }
    pipeline.normalization().requireChannels(channels);
    MapFunction<Row, Row> augment = row -> augmented(row, pipeline, channels, seed, epoch);
    return examples.select("id", "label", "image").map(augment, Encoders.row(OUTPUT));
  }

  private static Row augmented(
      Row row, AugmentationPipeline pipeline, int channels, long seed, int epoch) {
    String id = row.getString(0);
    PixelImage decoded;
    try {
      decoded = ImageDecoder.decode(row.getAs(2), channels);
    } catch (UnreadableImageException e) {
      throw new BadDataException("the image " + id + " cannot be read: " + e.getMessage(), e);
    }
    PixelImage image = pipeline.pixels(decoded, seed, epoch, id);
    float[] features = new float[image.data().length];
    pipeline.write(image, features, 0);
    return RowFactory.create(
        id, row.getInt(1), image.height(), image.width(), image.channels(), image.data(), features);
  }

  private static void requireColumns(StructType found) {
    List<String> problems = new ArrayList<>();
    for (String name : INPUT.fieldNames()) {
      DataType wanted = INPUT.apply(name).dataType();
      if (!List.of(found.fieldNames()).contains(name)) {
        problems.add("the column %s (%s) is missing".formatted(name, wanted.simpleString()));
      } else if (!found.apply(name).dataType().equals(wanted)) {
        problems.add(
            "the column %s is %s, not %s"
                .formatted(
                    name, found.apply(name).dataType().simpleString(), wanted.simpleString()));
      }
    }
    if (!problems.isEmpty()) {
      throw new InvalidRequestException("examples: " + String.join("; ", problems));
    }
  }
}
