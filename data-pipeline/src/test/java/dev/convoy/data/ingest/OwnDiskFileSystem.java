package dev.convoy.data.ingest;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.util.Progressable;

/**
 * Local files, of which shards go where nobody sees them, as to the disk of another machine. Its
 * scheme is one of an object store's, so that files are written without a rename.
 */
public final class OwnDiskFileSystem extends RawLocalFileSystem {
  @Override
  public URI getUri() {
    return URI.create("obs:///");
  }

  @Override
  public String getScheme() {
    return "obs";
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
    if (file.getName().endsWith(".parquet")) {
      return new FSDataOutputStream(OutputStream.nullOutputStream(), null);
    }
    return super.create(file, overwrite, bufferSize, replication, blockSize, progress);
  }
}
