package dev.convoy.data.storage;

import java.net.URI;
import org.apache.hadoop.fs.RawLocalFileSystem;

/** Local files under a scheme of their own, so that they go Hadoop's way. */
public class RenamingFileSystem extends RawLocalFileSystem {
  static final URI NAME = URI.create("renaming:///");

  @Override
  public URI getUri() {
    return NAME;
  }

  @Override
  public String getScheme() {
    return "renaming";
  }
}
