package dev.convoy.trainer.it;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.DelegateToFileSystem;
import org.apache.hadoop.fs.Path;

/** {@link FaultyFileSystem} for Hadoop's FileContext. */
final class FaultyFileContext extends DelegateToFileSystem {

  private final FaultyFileSystem files;

  /** Called by Hadoop. */
  FaultyFileContext(URI uri, Configuration conf) throws IOException, URISyntaxException {
    this(uri, new FaultyFileSystem(), conf);
  }

  private FaultyFileContext(URI uri, FaultyFileSystem files, Configuration conf)
      throws IOException, URISyntaxException {
    super(uri, files, conf, FaultyFileSystem.SCHEME, false);
    this.files = files;
  }

  @Override
  public void renameInternal(Path from, Path to, boolean overwrite) throws IOException {
    files.replace(from, to);
  }
}
