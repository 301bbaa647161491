package dev.convoy.data.dataset;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import org.apache.parquet.io.DelegatingSeekableInputStream;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.SeekableInputStream;

/** A file whose content is in memory, for Parquet. */
final class MemoryFile implements InputFile {
  private final byte[] content;

  MemoryFile(byte[] content) {
    this.content = content;
  }

  @Override
  public long getLength() {
    return content.length;
  }

  @Override
  public SeekableInputStream newStream() {
    Cursor cursor = new Cursor(content);
    return new DelegatingSeekableInputStream(cursor) {
      @Override
      public long getPos() {
        return cursor.position();
      }

      @Override
      public void seek(long position) throws IOException {
        cursor.moveTo(position);
      }
    };
  }

  private static final class Cursor extends ByteArrayInputStream {
    Cursor(byte[] content) {
      super(content);
    }

    synchronized int position() {
      return pos;
    }

    synchronized void moveTo(long position) throws IOException {
      if (position < 0 || position > count) {
        throw new IOException("Position " + position + " is outside of " + count + " bytes");
      }
      pos = (int) position;
    }
  }
}
