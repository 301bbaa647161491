package dev.convoy.trainer.training;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;

/** Local files, of which one takes long to open. */
public final class SlowFileSystem extends RawLocalFileSystem {

  /** Under which it is to be registered with Hadoop. */
  public static final String SCHEME = "slow";

  /** How long the slow file takes. */
  public static final Duration DELAY = Duration.ofMillis(1500);

  /** Hadoop makes these objects itself, so what tests set is the class's. */
  private static final AtomicReference<String> SLOW = new AtomicReference<>("");

  /** From now on files of this name are slow. */
  public static void setSlow(String name) {
    SLOW.set(name);
  }

  @Override
  public URI getUri() {
    return URI.create("slow:///");
  }

  @Override
  public String getScheme() {
    return SCHEME;
  }

  @Override
  public FSDataInputStream open(Path file, int bufferSize) throws IOException {
    if (file.getName().equals(SLOW.get())) {
      try {
        TimeUnit.NANOSECONDS.sleep(DELAY.toNanos());
      } catch (InterruptedException e) {
        throw (IOException) new InterruptedIOException("interrupted in " + file).initCause(e);
      }
    }
    return super.open(file, bufferSize);
  }
}
