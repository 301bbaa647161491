package dev.convoy.data.storage;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.util.Progressable;

/** Local files that behave like an object store: a file appears when its stream is closed. */
public final class UploadingFileSystem extends RawLocalFileSystem {
  static final URI NAME = URI.create("s3n://bucket");

  @Override
  public URI getUri() {
    return NAME;
  }

  @Override
  public String getScheme() {
    return "s3n";
  }

  @Override
  protected void checkPath(Path path) {
    // Every path is ours, whatever its bucket.
  }

  @Override
  public boolean hasPathCapability(Path path, String capability) {
    return false;
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
    if (!overwrite && exists(file)) {
      throw new FileAlreadyExistsException(file.toString());
    }
    return new FSDataOutputStream(new Upload(file), null);
  }

  @Override
  public boolean rename(Path from, Path to) {
    throw new UnsupportedOperationException("An object store must not be asked to rename");
  }

  private final class Upload extends ByteArrayOutputStream {
    private final Path file;

    Upload(Path file) {
      this.file = file;
    }

    @Override
    public void close() throws IOException {
      java.nio.file.Path target = pathToFile(file).toPath();
      java.nio.file.Files.createDirectories(target.getParent());
      java.nio.file.Files.write(target, toByteArray());
    }
  }
}
