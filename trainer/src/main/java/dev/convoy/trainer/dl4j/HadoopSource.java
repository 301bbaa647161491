package dev.convoy.trainer.dl4j;

import java.io.IOException;
import java.io.InputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.nd4j.common.loader.Source;

/**
 * A file in any Hadoop file system, for DL4J's loaders.
 *
 * @param path with its scheme, or of the default file system
 * @param hadoop the job's settings, credentials included
 */
record HadoopSource(String path, Configuration hadoop) implements Source {

  @Override
  public InputStream getInputStream() throws IOException {
    Path file = new Path(path);
    return file.getFileSystem(hadoop).open(file);
  }

  @Override
  public String getPath() {
    return path;
  }

  /** Without the credentials that the Hadoop configuration may hold. */
  @Override
  public String toString() {
    return path;
  }
}
