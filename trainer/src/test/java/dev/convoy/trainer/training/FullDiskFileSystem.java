package dev.convoy.trainer.training;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.Syncable;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;

/** Local files on a disk of its own, which takes so many bytes and is full then. */
public final class FullDiskFileSystem extends RawLocalFileSystem {

  /** Under which it is to be registered with Hadoop, for FileContext too. */
  public static final String SCHEME = "full";

  /** Hadoop makes these objects itself, so what tests set is the class's. */
  private static final AtomicLong FREE = new AtomicLong(Long.MAX_VALUE);

  /** From now on the disk takes so many bytes. */
  public static void setFree(long bytes) {
    FREE.set(bytes);
  }

  static long free() {
    return FREE.get();
  }

  @Override
  public URI getUri() {
    return URI.create("full:///");
  }

  @Override
  public String getScheme() {
    return SCHEME;
  }

  @Override
  public FSDataOutputStream create(
      Path file,
      boolean overwrite,
      int bufferSize,
      short replication,
      long blockSize,
      Progressable progress)
      throws IOException {
    return limited(super.create(file, overwrite, bufferSize, replication, blockSize, progress), 0);
  }

  @Override
  public FSDataOutputStream create(
      Path file,
      FsPermission permission,
      boolean overwrite,
      int bufferSize,
      short replication,
      long blockSize,
      Progressable progress)
      throws IOException {
    return limited(
        super.create(file, permission, overwrite, bufferSize, replication, blockSize, progress), 0);
  }

  @Override
  public FSDataOutputStream append(Path file, int bufferSize, Progressable progress)
      throws IOException {
    long length = getFileStatus(file).getLen();
    return limited(super.append(file, bufferSize, progress), length);
  }

  private static FSDataOutputStream limited(FSDataOutputStream out, long position)
      throws IOException {
    return new FSDataOutputStream(new Limited(out), null, position);
  }

  /** Writes what fits, then fails as a file system does. */
  private static final class Limited extends FilterOutputStream implements Syncable {
    private final FSDataOutputStream file;

    Limited(FSDataOutputStream file) {
      super(file);
      this.file = file;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      long before = FREE.getAndUpdate(free -> Math.max(0, free - length));
      int fitting = (int) Math.min(before, length);
      ((OutputStream) file).write(bytes, offset, fitting);
      if (fitting < length) {
        throw new IOException("No space left on device");
      }
    }

    @Override
    public void hflush() throws IOException {
      file.hflush();
    }

    @Override
    public void hsync() throws IOException {
      file.hsync();
    }
  }
}
