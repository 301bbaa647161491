package dev.convoy.trainer.training;

import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;

/** Local files, counted as they are opened. */
public final class CountingFileSystem extends RawLocalFileSystem {

  /** Under which it is to be registered with Hadoop. */
  public static final String SCHEME = "counting";

  /** Hadoop makes these objects itself, so the counts are the class's. */
  private static final Map<String, Integer> OPENED = new ConcurrentHashMap<>();

  /** How often files whose names begin so were opened since this was last asked. */
  static int opened(String prefix) {
    int sum =
        OPENED.entrySet().stream()
            .filter(entry -> entry.getKey().startsWith(prefix))
            .mapToInt(Map.Entry::getValue)
            .sum();
    OPENED.clear();
    return sum;
  }

  @Override
  public URI getUri() {
    return URI.create("counting:///");
  }

  @Override
  public String getScheme() {
    return SCHEME;
  }

  @Override
  public FSDataInputStream open(Path file, int bufferSize) throws IOException {
    OPENED.merge(file.getName(), 1, Integer::sum);
    return super.open(file, bufferSize);
  }
}
