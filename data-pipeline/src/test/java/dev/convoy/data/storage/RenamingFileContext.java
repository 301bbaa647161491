package dev.convoy.data.storage;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.DelegateToFileSystem;

/** {@link RenamingFileSystem} for Hadoop's FileContext. */
public final class RenamingFileContext extends DelegateToFileSystem {
  public RenamingFileContext(URI uri, Configuration conf) throws IOException, URISyntaxException {
    super(uri, new RenamingFileSystem(), conf, "renaming", false);
  }
}
