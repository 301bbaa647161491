package dev.convoy.data.fetch;

import java.io.IOException;

/** A package client that could not download, with what to do; nothing of a store failed. */
public final class DownloadException extends IOException {

  private static final long serialVersionUID = 1L;

  DownloadException(String message) {
    super(message);
  }

  DownloadException(String message, Throwable cause) {
    super(message, cause);
  }
}
