package dev.convoy.data.ingest;

import java.io.IOException;
import java.net.URI;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;

/** Local files, of which {@code b/3.png} needs more memory than there is. */
public final class GreedyFileSystem extends RawLocalFileSystem {
  @Override
  public URI getUri() {
    return URI.create("greedy:///");
  }

  @Override
  public String getScheme() {
    return "greedy";
  }

  @Override
  public FSDataInputStream open(Path file, int bufferSize) throws IOException {
    if (file.toString().endsWith("/b/3.png")) {
      throw new OutOfMemoryError("Java heap space");
    }
    return super.open(file, bufferSize);
  }
}
