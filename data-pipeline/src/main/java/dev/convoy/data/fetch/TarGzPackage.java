package dev.convoy.data.fetch;

import dev.convoy.data.BadDataException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/** An npm package: a gzipped tar. */
record TarGzPackage(Path file) implements PackageArchive {

  @Override
  public void read(Set<String> entries, EntryReader reader) throws IOException {
    Set<String> missing = new TreeSet<>(entries);
    try (var tar =
        new TarArchiveInputStream(
            new BufferedInputStream(new GZIPInputStream(Files.newInputStream(file), 1 << 16)))) {
      for (TarArchiveEntry entry = tar.getNextTarEntry();
          entry != null && !missing.isEmpty();
          entry = tar.getNextTarEntry()) {
        if (missing.remove(entry.getName())) {
          reader.read(entry.getName(), tar);
        }
      }
    }
    if (!missing.isEmpty()) {
      throw new BadDataException(file.getFileName() + " lacks the entries " + missing);
    }
  }
}
