package dev.convoy.data.ingest;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;

/** Local files, of which {@code b/3.png} is another image each time it is opened. */
public final class UnsteadyFileSystem extends RawLocalFileSystem {
  @Override
  public URI getUri() {
    return URI.create("unsteady:///");
  }

  @Override
  public String getScheme() {
    return "unsteady";
  }

  @Override
  public FSDataInputStream open(Path file, int bufferSize) throws IOException {
    if (file.toString().endsWith("/b/3.png")) {
      Files.write(pathToFile(file).toPath(), Pictures.png(System.nanoTime(), 9, 9));
    }
    return super.open(file, bufferSize);
  }
}
