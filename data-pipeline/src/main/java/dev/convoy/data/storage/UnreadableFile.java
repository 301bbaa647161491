package dev.convoy.data.storage;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.Optional;
import org.apache.hadoop.security.AccessControlException;

/** Failures that are of a single file and will be the same when it is read again. */
public final class UnreadableFile {
  /** The reason of a file that is not there. */
  public static final String ABSENT = "no such file: deleted since, or a link to nothing";

  private UnreadableFile() {}

  /**
   * Why a file cannot be read.
   *
   * @return in words; empty if it is the store that failed
   */
  public static Optional<String> reason(IOException failure) {
    if (failure instanceof NoSuchFileException) {
      return Optional.of(ABSENT);
    }
    if (failure instanceof AccessDeniedException || failure instanceof AccessControlException) {
      return Optional.of("permission denied");
    }
    return Optional.empty();
  }
}
