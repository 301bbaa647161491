package dev.convoy.data.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convoy.data.BadDataException;
import dev.convoy.data.InvalidRequestException;
import dev.convoy.data.augment.AugmentationPipeline;
import dev.convoy.data.augment.Normalization;
import dev.convoy.data.image.ImageDecoder;
import dev.convoy.data.image.PixelImage;
import dev.convoy.data.image.PngEncoder;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import javax.imageio.ImageIO;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class AugmentedRowsTest {
  private static SparkSession spark;

  private final AugmentationPipeline pipeline =
      AugmentationPipeline.parse(
          List.of(
              Map.of("resize", Map.of("height", 20, "width", 24)),
              Map.of("random_crop", Map.of("height", 16, "width", 16, "padding", 2)),
              Map.of("flip", Map.of("probability", 0.5))),
          Normalization.of(List.of(0.5, 0.4, 0.3), List.of(0.2, 0.3, 0.4)));

  @BeforeAll
  static void startSpark() {
    spark =
        SparkSession.builder()
            .master("local[2]")
            .appName("augmented rows")
            .config("spark.ui.enabled", "false")
            .config("spark.serializer", "org.apache.spark.serializer.KryoSerializer")
            .getOrCreate();
  }

  @AfterAll
  static void stopSpark() {
    spark.stop();
  }

  @Test
  void rowsAreByteForByteWhatThePipelineGives() throws Exception {
    List<Row> examples = examples();
    List<Row> rows =
        AugmentedRows.transform(frame(examples).repartition(3), pipeline, 3, 11, 4)
            .orderBy("id")
            .collectAsList();
    assertThat(rows).hasSameSizeAs(examples);
    for (int i = 0; i < rows.size(); i++) {
      Row row = rows.get(i);
      String id = examples.get(i).getString(0);
      PixelImage decoded = ImageDecoder.decode(examples.get(i).getAs(2), 3);
      PixelImage expected = pipeline.pixels(decoded, 11, 4, id);
      float[] features = new float[16 * 16 * 3];
      pipeline.write(expected, features, 0);
      assertThat(row.getString(0)).isEqualTo(id);
      assertThat(row.getInt(1)).isEqualTo(i % 3);
      assertThat(List.of(row.getInt(2), row.getInt(3), row.getInt(4))).containsExactly(16, 16, 3);
      assertThat(row.<byte[]>getAs("pixels")).isEqualTo(expected.data());
      List<Float> found = row.getList(6);
      for (int f = 0; f < features.length; f++) {
        assertThat(Float.floatToRawIntBits(found.get(f)))
            .isEqualTo(Float.floatToRawIntBits(features[f]));
      }
    }
  }

  @Test
  void anUnreadableImageIsNamed() {
    Dataset<Row> frame = frame(List.of(RowFactory.create("cats/7.jpg", 0, new byte[] {1, 2})));
    assertThatThrownBy(() -> AugmentedRows.transform(frame, pipeline, 3, 1, 0).collectAsList())
        .hasStackTraceContaining(BadDataException.class.getName())
        .hasStackTraceContaining("the image cats/7.jpg cannot be read: not a JPEG or PNG file");
  }

  @Test
  void wrongColumnsAreNamedAtOnceBeforeAnythingRuns() {
    Dataset<Row> frame = spark.sql("select 1 as id, 'x' as label");
    assertThatThrownBy(() -> AugmentedRows.transform(frame, pipeline, 3, 1, 0))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessage(
            "examples: the column id is int, not string; the column label is string, not int; "
                + "the column image (binary) is missing");
  }

  private static Dataset<Row> frame(List<Row> examples) {
    return spark.createDataFrame(examples, AugmentedRows.INPUT);
  }

  private static List<Row> examples() throws IOException {
    Random random = new Random(4);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      BufferedImage image = new BufferedImage(20 + i, 30 - i, BufferedImage.TYPE_3BYTE_BGR);
      byte[] data = new byte[image.getWidth() * image.getHeight() * 3];
      random.nextBytes(data);
      ByteArrayOutputStream jpeg = new ByteArrayOutputStream();
      image.getRaster().setDataElements(0, 0, image.getWidth(), image.getHeight(), data);
      ImageIO.write(image, "jpeg", jpeg);
      byte[] png = PngEncoder.encode(new PixelImage(image.getHeight(), image.getWidth(), 3, data));
      rows.add(
          RowFactory.create("id-%02d".formatted(i), i % 3, i % 2 == 0 ? png : jpeg.toByteArray()));
    }
    return rows;
  }
}
