package dev.convoy.data.augment;

import dev.convoy.data.InvalidRequestException;
import dev.convoy.data.image.ImageDecoder;
import dev.convoy.data.image.PixelImage;
import java.util.Arrays;

/**
 * Antialiased bilinear scaling, bit for bit that of Pillow ({@code Image.resize} with {@code
 * BILINEAR}; src/libImaging/Resample.c), which is also torchvision's for PIL images.
 *
 * <p>Each output value is the average of the input under a triangle whose half width is one input
 * pixel when enlarging, and one output pixel when reducing (that is the antialiasing). The weights
 * are computed in float64, normalised, and rounded to fixed point of 22 bits. Columns first, then
 * rows; the values between the passes are rounded to 8 bits.
 */
final class BilinearResampling {
  private static final int PRECISION_BITS = 32 - 8 - 2;

  private BilinearResampling() {}

  static PixelImage resize(PixelImage image, int height, int width) {
    long largest = Math.max((long) height * width, (long) image.height() * width);
    if (largest > ImageDecoder.MAX_PIXELS) {
      throw new InvalidRequestException(
          "resizing an image of %d x %d pixels to %d x %d makes more than %d pixels"
              .formatted(image.height(), image.width(), height, width, ImageDecoder.MAX_PIXELS));
    }
    PixelImage result = image;
    if (width != image.width()) {
      result = columns(result, new Weights(image.width(), width));
    }
    if (height != image.height()) {
      result = rows(result, new Weights(image.height(), height));
    }
    return result;
  }

  private static PixelImage columns(PixelImage image, Weights weights) {
    int channels = image.channels();
    byte[] in = image.data();
    int width = weights.first.length;
    byte[] out = new byte[image.height() * width * channels];
    int to = 0;
    for (int y = 0; y < image.height(); y++) {
      int row = y * image.width() * channels;
      for (int x = 0; x < width; x++) {
        int[] k = weights.fixed[x];
        int from = row + weights.first[x] * channels;
        for (int c = 0; c < channels; c++) {
          int sum = 1 << (PRECISION_BITS - 1);
          for (int i = 0, at = from + c; i < k.length; i++, at += channels) {
            sum += (in[at] & 0xff) * k[i];
          }
          out[to++] = eightBits(sum);
        }
      }
    }
    return new PixelImage(image.height(), width, channels, out);
  }

  private static PixelImage rows(PixelImage image, Weights weights) {
    int stride = image.width() * image.channels();
    byte[] in = image.data();
    int height = weights.first.length;
    byte[] out = new byte[height * stride];
    int[] sums = new int[stride];
    for (int y = 0; y < height; y++) {
      int[] k = weights.fixed[y];
      Arrays.fill(sums, 1 << (PRECISION_BITS - 1));
      for (int i = 0; i < k.length; i++) {
        int from = (weights.first[y] + i) * stride;
        for (int x = 0; x < stride; x++) {
          sums[x] += (in[from + x] & 0xff) * k[i];
        }
      }
      for (int x = 0; x < stride; x++) {
        out[y * stride + x] = eightBits(sums[x]);
      }
    }
    return new PixelImage(height, image.width(), image.channels(), out);
  }

  private static byte eightBits(int sum) {
    return (byte) Math.max(0, Math.min(255, sum >> PRECISION_BITS));
  }

  /** For each output place: where its input begins, and the fixed-point weights from there on. */
  private static final class Weights {
    private final int[] first;
    private final int[][] fixed;

    Weights(int inSize, int outSize) {
      first = new int[outSize];
      fixed = new int[outSize][];
      double scale = (double) inSize / outSize;
      double support = Math.max(scale, 1.0);
      double inverse = 1.0 / support;
      for (int x = 0; x < outSize; x++) {
        double center = (x + 0.5) * scale;
        int min = Math.max(0, (int) (center - support + 0.5));
        int max = Math.min(inSize, (int) (center + support + 0.5));
        double[] weights = new double[max - min];
        double total = 0;
        for (int i = 0; i < weights.length; i++) {
          weights[i] = triangle((i + min - center + 0.5) * inverse);
          total += weights[i];
        }
        first[x] = min;
        fixed[x] = new int[weights.length];
        for (int i = 0; i < weights.length; i++) {
          double weight = total == 0 ? weights[i] : weights[i] / total;
          fixed[x][i] = (int) (0.5 + weight * (1 << PRECISION_BITS));
        }
      }
    }

    private static double triangle(double x) {
      double distance = Math.abs(x);
      return distance < 1 ? 1 - distance : 0;
    }
  }
}
