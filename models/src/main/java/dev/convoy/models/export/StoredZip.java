package dev.convoy.models.export;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * A zip whose entries are stored as they are, at a fixed time: parameters do not compress, and
 * equal entries give equal bytes. Each entry is written twice, first for its length and checksum.
 */
final class StoredZip implements FileContent {
  private static final int LOCAL_HEADER = 30;
  private static final int CENTRAL_HEADER = 46;
  private static final int END = 22;

  /** Java adds a field to an entry of the format's very first moment, but not of this one. */
  private static final LocalDateTime TIME = LocalDateTime.of(1980, 2, 1, 0, 0);

  private final Map<String, Entry> entries = new LinkedHashMap<>();
  private final SortedMap<String, Object> details;

  /** Writes an entry, the same bytes each time. */
  @FunctionalInterface
  interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  private record Entry(Content content, Measured measured) {}

  StoredZip(Map<String, Object> details) {
    this.details = new TreeMap<>(details);
  }

  StoredZip with(String name, Content content) {
    Measured measured = new Measured();
    try {
      content.writeTo(measured);
    } catch (IOException e) {
      throw new UncheckedIOException("nothing was written", e);
    }
    entries.put(name, new Entry(content, measured));
    return this;
  }

  @Override
  public long length() {
    long length = END;
    for (Map.Entry<String, Entry> entry : entries.entrySet()) {
      int name = entry.getKey().getBytes(StandardCharsets.UTF_8).length;
      length += LOCAL_HEADER + CENTRAL_HEADER + 2L * name + entry.getValue().measured().length;
    }
    return length;
  }

  @Override
  public void writeTo(OutputStream out) throws IOException {
    ZipOutputStream zip = new ZipOutputStream(out, StandardCharsets.UTF_8);
    for (Map.Entry<String, Entry> named : entries.entrySet()) {
      Measured measured = named.getValue().measured();
      ZipEntry entry = new ZipEntry(named.getKey());
      entry.setMethod(ZipEntry.STORED);
      entry.setTimeLocal(TIME);
      entry.setSize(measured.length);
      entry.setCompressedSize(measured.length);
      entry.setCrc(measured.checksum.getValue());
      zip.putNextEntry(entry);
      named.getValue().content().writeTo(zip);
      zip.closeEntry();
    }
    zip.finish();
  }

  @Override
  public SortedMap<String, Object> details() {
    return details;
  }

  /** Counts and sums up what is written to it. */
  private static final class Measured extends OutputStream {
    private final CRC32 checksum = new CRC32();
    private long length;

    @Override
    public void write(int value) {
      checksum.update(value);
      length++;
    }

    @Override
    public void write(byte[] from, int offset, int count) {
      checksum.update(from, offset, count);
      length += count;
    }
  }
}
