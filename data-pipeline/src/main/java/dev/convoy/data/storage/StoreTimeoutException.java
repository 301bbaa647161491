package dev.convoy.data.storage;

import java.io.IOException;

/** A store that did not answer in the time that it is given. */
final class StoreTimeoutException extends IOException {
  StoreTimeoutException(String message) {
    super(message);
  }
}
