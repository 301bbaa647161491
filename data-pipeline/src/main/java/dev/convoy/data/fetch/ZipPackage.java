package dev.convoy.data.fetch;

import dev.convoy.data.BadDataException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** A Maven package: a jar. */
record ZipPackage(Path file) implements PackageArchive {

  @Override
  public void read(Set<String> entries, EntryReader reader) throws IOException {
    Set<String> missing = new TreeSet<>();
    try (ZipFile zip = new ZipFile(file.toFile())) {
      for (String name : new TreeSet<>(entries)) {
        ZipEntry entry = zip.getEntry(name);
        if (entry == null) {
          missing.add(name);
          continue;
        }
        try (InputStream content = zip.getInputStream(entry)) {
          reader.read(name, content);
        }
      }
    }
    if (!missing.isEmpty()) {
      throw new BadDataException(file.getFileName() + " lacks the entries " + missing);
    }
  }
}
