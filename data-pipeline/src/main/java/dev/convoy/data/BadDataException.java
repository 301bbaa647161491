package dev.convoy.data;

/** Data is damaged or not enough; the message says which, and what can be done. */
public final class BadDataException extends RuntimeException {
  public BadDataException(String message) {
    super(message);
  }

  public BadDataException(String message, Throwable cause) {
    super(message, cause);
  }
}
