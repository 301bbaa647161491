package dev.convoy.data.image;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * What Pillow makes of the images in the test resources; see make_golden.py and make_colour.py
 * there.
 */
public final class GoldenImages {
  private GoldenImages() {}

  /** One line of golden.tsv or colour.tsv. */
  public record Golden(
      String file, String operation, int channels, int height, int width, String sha256) {}

  /** Decoded and scaled. */
  public static List<Golden> all() {
    return lines("golden.tsv");
  }

  /** With other brightness, contrast and saturation, and parts that are scaled. */
  public static List<Golden> colours() {
    return lines("colour.tsv");
  }

  private static List<Golden> lines(String file) {
    return new String(bytes(file), StandardCharsets.UTF_8)
        .lines()
        .filter(line -> !line.startsWith("#"))
        .map(line -> line.split("\t", -1))
        .map(
            f ->
                new Golden(
                    f[0],
                    f[1],
                    Integer.parseInt(f[2]),
                    Integer.parseInt(f[3]),
                    Integer.parseInt(f[4]),
                    f[5]))
        .toList();
  }

  public static byte[] bytes(String file) {
    try (InputStream in = GoldenImages.class.getResourceAsStream("/images/" + file)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static String sha256(byte[] data) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(data));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
