package dev.convoy.data.storage;

import java.util.UUID;

/** Names of files that are still being written: hidden, and of one writer only. */
final class TemporaryName {
  private static final String SUFFIX = ".tmp";

  private TemporaryName() {}

  /** A fresh name beside {@code name} (relative, with '/'). */
  static String beside(String name) {
    int slash = name.lastIndexOf('/') + 1;
    return name.substring(0, slash)
        + "."
        + name.substring(slash)
        + "."
        + UUID.randomUUID()
        + SUFFIX;
  }

  static boolean matches(String name) {
    return name.startsWith(".") && name.endsWith(SUFFIX);
  }
}
