package dev.convoy.data.ingest;

/** A file is no image that can be decoded; the message is the reason. */
public final class RejectedImageException extends Exception {
  public RejectedImageException(String reason) {
    super(reason);
  }

  public RejectedImageException(String reason, Throwable cause) {
    super(reason, cause);
  }
}
