package dev.convoy.trainer.training;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.DelegateToFileSystem;

/** {@link FullDiskFileSystem} for Hadoop's FileContext. */
public final class FullDiskFileContext extends DelegateToFileSystem {

  /** Called by Hadoop. */
  public FullDiskFileContext(URI uri, Configuration conf) throws IOException, URISyntaxException {
    super(uri, new FullDiskFileSystem(), conf, FullDiskFileSystem.SCHEME, false);
  }
}
