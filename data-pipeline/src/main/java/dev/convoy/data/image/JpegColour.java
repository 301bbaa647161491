package dev.convoy.data.image;

/**
 * The colour spaces of JPEG files, in libjpeg's fixed-point arithmetic (jdcolor.c; ITU-T T.871):
 * {@code R = Y + 1.402 Cr, G = Y - 0.34414 Cb - 0.71414 Cr, B = Y + 1.772 Cb}.
 */
final class JpegColour {
  private static final int SCALE_BITS = 16;
  private static final int HALF = 1 << (SCALE_BITS - 1);
  private static final int[] CR_TO_R = new int[256];
  private static final int[] CB_TO_B = new int[256];
  private static final int[] CR_TO_G = new int[256];
  private static final int[] CB_TO_G = new int[256];

  static {
    for (int i = 0; i < 256; i++) {
      int x = i - 128;
      CR_TO_R[i] = (fixed(1.40200) * x + HALF) >> SCALE_BITS;
      CB_TO_B[i] = (fixed(1.77200) * x + HALF) >> SCALE_BITS;
      CR_TO_G[i] = -fixed(0.71414) * x;
      CB_TO_G[i] = -fixed(0.34414) * x + HALF;
    }
  }

  private JpegColour() {}

  private static int fixed(double x) {
    return (int) (x * (1 << SCALE_BITS) + 0.5);
  }

  /** Y, Cb, Cr to R, G, B, in place. */
  static byte[] yccToRgb(byte[] samples) {
    for (int i = 0; i < samples.length; i += 3) {
      convert(samples, i);
    }
    return samples;
  }

  /** Y, Cb, Cr, K to 255 - R, 255 - G, 255 - B, K, in place. */
  static byte[] ycckToCmyk(byte[] samples) {
    for (int i = 0; i < samples.length; i += 4) {
      convert(samples, i);
      for (int c = 0; c < 3; c++) {
        samples[i + c] = (byte) (255 - (samples[i + c] & 0xff));
      }
    }
    return samples;
  }

  /**
   * C, M, Y, K as Adobe stores them (255 is no ink) to R, G, B: {@code R = K - (255 - C) K / 255},
   * as in Pillow's Convert.c.
   */
  static byte[] cmykToRgb(byte[] samples) {
    byte[] rgb = new byte[samples.length / 4 * 3];
    for (int in = 0, out = 0; in < samples.length; in += 4, out += 3) {
      int black = samples[in + 3] & 0xff;
      for (int c = 0; c < 3; c++) {
        int ink = 255 - (samples[in + c] & 0xff);
        int product = ink * black + 128;
        rgb[out + c] = (byte) (black - (((product >> 8) + product) >> 8));
      }
    }
    return rgb;
  }

  private static void convert(byte[] samples, int i) {
    int y = samples[i] & 0xff;
    int cb = samples[i + 1] & 0xff;
    int cr = samples[i + 2] & 0xff;
    samples[i] = clamp(y + CR_TO_R[cr]);
    samples[i + 1] = clamp(y + ((CB_TO_G[cb] + CR_TO_G[cr]) >> SCALE_BITS));
    samples[i + 2] = clamp(y + CB_TO_B[cb]);
  }

  private static byte clamp(int value) {
    return (byte) Math.max(0, Math.min(255, value));
  }
}
