package dev.convoy.data.fetch;

import java.io.IOException;
import java.io.InputStream;
import java.util.Set;

/** The entries of a downloaded package, in the order they are stored in. */
public interface PackageArchive {

  /** Takes one entry; the stream ends with it and need not be closed. */
  @FunctionalInterface
  interface EntryReader {
    void read(String entry, InputStream content) throws IOException;
  }

  /**
   * One pass over the archive.
   *
   * @param entries the names to be read; others are passed over
   * @throws dev.convoy.data.BadDataException naming the entries that are missing, after the others
   *     were read
   */
  void read(Set<String> entries, EntryReader reader) throws IOException;
}
