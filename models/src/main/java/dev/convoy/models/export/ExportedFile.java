package dev.convoy.models.export;

import dev.convoy.models.InvalidModelException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A network's file.
 *
 * @param content its bytes; held as given, not copied
 * @param details what its format says besides: names, shapes, versions
 */
// Never compared.
public record ExportedFile(byte[] content, SortedMap<String, Object> details) {
  private static final int LARGEST = Integer.MAX_VALUE - 8;

  public ExportedFile {
    details = Collections.unmodifiableSortedMap(new TreeMap<>(details));
  }

  static ExportedFile of(FileContent file) {
    if (file.length() > LARGEST) {
      throw new InvalidModelException(
          "the file would have "
              + file.length()
              + " bytes; at most 2 GiB can be exported, which is also protobuf's limit");
    }
    Filling filling = new Filling(new byte[(int) file.length()]);
    try {
      file.writeTo(filling);
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory failed", e);
    }
    if (filling.position != filling.content.length) {
      throw new IllegalStateException(
          filling.position + " bytes were written instead of " + filling.content.length);
    }
    return new ExportedFile(filling.content, file.details());
  }

  /** A stream into an array of the right length. */
  private static final class Filling extends OutputStream {
    private final byte[] content;
    private int position;

    Filling(byte[] content) {
      this.content = content;
    }

    @Override
    public void write(int value) {
      content[position++] = (byte) value;
    }

    @Override
    public void write(byte[] from, int offset, int length) {
      Objects.checkFromIndexSize(offset, length, from.length);
      System.arraycopy(from, offset, content, position, length);
      position += length;
    }
  }
}
