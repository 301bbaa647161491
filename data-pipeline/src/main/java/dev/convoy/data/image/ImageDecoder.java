package dev.convoy.data.image;

/**
 * Encoded bytes to pixels, the same pixels for the same bytes in every thread and task.
 *
 * <ul>
 *   <li>JPEG (baseline, extended and progressive Huffman coding, 8 bits) and PNG (all colour types,
 *       1 to 16 bits, interlaced or not; of an animated one the still image) are read; the content
 *       decides, not the file's name. Anything else is refused.
 *   <li>Only complete images are read: a file that ends early, or whose data is damaged, is refused
 *       with the reason. What follows a JPEG's end, and one repeated byte before it, is padding and
 *       passed over.
 *   <li>More than {@link #MAX_PIXELS} pixels are refused from the header, before memory is taken.
 *   <li>Grey from colour is Rec. 601 luma, {@code (19595 R + 38470 G + 7471 B + 32768) >> 16}, as
 *       in Pillow; colour from grey is three times the same value.
 *   <li>16-bit samples keep their high byte. Alpha is composed on white, rounded to nearest.
 *   <li>CMYK and YCCK are read by Adobe's (inverted) convention: {@code R = K - (255 - C) K / 255}
 *       of the stored values, as in Pillow.
 *   <li>ICC profiles, gamma chunks and EXIF orientation are not applied.
 * </ul>
 */
public final class ImageDecoder {
  /** 64 Mi pixels, 8192 x 8192: larger images are refused unread. */
  public static final long MAX_PIXELS = 1L << 26;

  private ImageDecoder() {}

  /**
   * The pixels of an encoded image.
   *
   * @param encoded a whole JPEG or PNG file
   * @param channels 1 for grey, 3 for colour, whatever the file holds
   * @throws UnreadableImageException if the bytes are no complete image of a known kind; the
   *     message is the reason
   * @throws IllegalArgumentException if {@code channels} is neither 1 nor 3
   */
  public static PixelImage decode(byte[] encoded, int channels) throws UnreadableImageException {
    PixelImage.requireChannels(channels);
    return samples(encoded).toImage(channels);
  }

  /**
   * The pixels of an encoded image with as many channels as the file itself has: 1 for its grey
   * modes, 3 for all others (a palette is colour, whatever stands in it). Alpha is not counted.
   *
   * @param encoded a whole JPEG or PNG file
   * @throws UnreadableImageException if the bytes are no complete image of a known kind; the
   *     message is the reason
   */
  public static PixelImage decode(byte[] encoded) throws UnreadableImageException {
    Samples samples = samples(encoded);
    return samples.toImage(samples.isGrey() ? 1 : 3);
  }

  private static Samples samples(byte[] encoded) throws UnreadableImageException {
    if (encoded.length == 0) {
      throw new UnreadableImageException("the file is empty");
    }
    if (PngFile.recognises(encoded)) {
      return PngDecoder.decode(PngFile.parse(encoded));
    }
    if (JpegStream.recognises(encoded)) {
      return JpegDecoder.decode(JpegStream.parse(encoded));
    }
    throw new UnreadableImageException("not a JPEG or PNG file: it begins with " + head(encoded));
  }

  static void requirePixels(long width, long height) throws UnreadableImageException {
    if (width < 1 || height < 1) {
      throw new UnreadableImageException(
          "its header says " + width + " x " + height + " pixels, which is no image");
    }
    if (width * height > MAX_PIXELS) {
      throw new UnreadableImageException(
          "it has %d x %d pixels; at most %d are read".formatted(width, height, MAX_PIXELS));
    }
  }

  private static String head(byte[] encoded) {
    StringBuilder hex = new StringBuilder();
    for (int i = 0; i < Math.min(4, encoded.length); i++) {
      hex.append(i == 0 ? "" : " ").append("%02x".formatted(encoded[i]));
    }
    return hex.toString();
  }
}
