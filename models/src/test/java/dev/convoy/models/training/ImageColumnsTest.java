package dev.convoy.models.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.assertj.core.data.Offset;

class ImageColumnsTest {

  /** Element [(c, ky, kx), (oy, ox)] is pixel (oy * stride + ky - pad, ox * stride + kx - pad). */
  @Property(tries = 300)
  void gathersByTheDefinitionAndScattersItsTranspose(
      @ForAll @IntRange(min = 1, max = 3) int channels,
      @ForAll @IntRange(min = 1, max = 9) int height,
      @ForAll @IntRange(min = 1, max = 9) int width,
      @ForAll @IntRange(min = 1, max = 5) int kernelHeight,
      @ForAll @IntRange(min = 1, max = 5) int kernelWidth,
      @ForAll @IntRange(min = 1, max = 3) int stride,
      @ForAll @IntRange(min = 0, max = 4) int pad,
      @ForAll long seed) {
    int padHeight = Math.max(pad, (kernelHeight - height + 1) / 2);
    int padWidth = Math.max(pad, (kernelWidth - width + 1) / 2);
    ImageColumns geometry =
        new ImageColumns(
            channels,
            height,
            width,
            kernelHeight,
            kernelWidth,
            stride,
            stride,
            padHeight,
            padWidth);
    Random random = new Random(seed);
    float[] image = gaussian(random, geometry.imageLength());
    float[] matrix = new float[geometry.length()];
    geometry.gather(image, matrix);
    int at = 0;
    for (int c = 0; c < channels; c++) {
      for (int ky = 0; ky < kernelHeight; ky++) {
        for (int kx = 0; kx < kernelWidth; kx++) {
          for (int oy = 0; oy < geometry.outHeight(); oy++) {
            for (int ox = 0; ox < geometry.outWidth(); ox++) {
              int y = oy * stride + ky - padHeight;
              int x = ox * stride + kx - padWidth;
              boolean inside = y >= 0 && y < height && x >= 0 && x < width;
              float expected = inside ? image[(c * height + y) * width + x] : 0f;
              assertThat(matrix[at++]).isEqualTo(expected);
            }
          }
        }
      }
    }
    float[] other = gaussian(random, geometry.length());
    float[] scattered = gaussian(random, geometry.imageLength());
    geometry.scatter(other, scattered);
    assertThat(dot(matrix, other)).isCloseTo(dot(image, scattered), Offset.offset(1e-2));
  }

  private static float[] gaussian(Random random, int length) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  private static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }
}
