package dev.convoy.data.image;

/**
 * These bytes are not an image that can be read in full. The message is the reason alone, fit to
 * stand behind the name of the file: {@code not a JPEG or PNG file: it begins with 3c 68 74 6d}.
 */
public final class UnreadableImageException extends Exception {
  private static final long serialVersionUID = 1L;

  public UnreadableImageException(String reason) {
    super(reason);
  }

  public UnreadableImageException(String reason, Throwable cause) {
    super(reason, cause);
  }
}
