package dev.convoy.trainer.it;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;

/** Local files behind {@link StoreFault}s, which a setting names; renames replace, as HDFS's do. */
final class FaultyFileSystem extends RawLocalFileSystem {

  static final String SCHEME = "faulty";

  private static final String FAULTS = "convoy.test.faults";

  /** Hadoop makes several of these objects in a process; what is counted is the process's. */
  private static final Map<StoreFault, AtomicInteger> OCCURRENCES = new ConcurrentHashMap<>();

  private List<StoreFault> faults = List.of();

  /** A local path in this file system. */
  static String location(java.nio.file.Path path) {
    return SCHEME + "://" + path;
  }

  /** Options of {@code convoy} that make this file system known, with its faults. */
  static List<String> options(StoreFault... faults) {
    return List.of(
        "--conf=spark.hadoop.fs.faulty.impl=" + FaultyFileSystem.class.getName(),
        "--conf=spark.hadoop.fs.AbstractFileSystem.faulty.impl="
            + FaultyFileContext.class.getName(),
        "--conf=spark.hadoop." + FAULTS + "=" + StoreFault.format(List.of(faults)));
  }

  @Override
  public void initialize(URI uri, Configuration conf) throws IOException {
    super.initialize(uri, conf);
    faults = StoreFault.parse(conf.get(FAULTS, ""));
  }

  @Override
  public URI getUri() {
    return URI.create("faulty:///");
  }

  @Override
  public String getScheme() {
    return SCHEME;
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
    return around(
        StoreFault.Operation.CREATE,
        file,
        () ->
            watched(
                file,
                super.create(file, overwrite, bufferSize, replication, blockSize, progress),
                0));
  }

  @Override
  public FSDataOutputStream create(
      Path file,
      FsPermission permission,
      boolean overwrite,
      int bufferSize,
      short replication,
      long blockSize,
      Progressable progress)
      throws IOException {
    return around(
        StoreFault.Operation.CREATE,
        file,
        () ->
            watched(
                file,
                super.create(
                    file, permission, overwrite, bufferSize, replication, blockSize, progress),
                0));
  }

  @Override
  public FSDataOutputStream append(Path file, int bufferSize, Progressable progress)
      throws IOException {
    long length = getFileStatus(file).getLen();
    return around(
        StoreFault.Operation.APPEND,
        file,
        () -> watched(file, super.append(file, bufferSize, progress), length));
  }

  @Override
  public FSDataInputStream open(Path file, int bufferSize) throws IOException {
    return around(StoreFault.Operation.OPEN, file, () -> super.open(file, bufferSize));
  }

  @Override
  public boolean delete(Path file, boolean recursive) throws IOException {
    return around(StoreFault.Operation.DELETE, file, () -> super.delete(file, recursive));
  }

  /** Renames a file to a name that may be taken, in one act. */
  void replace(Path from, Path to) throws IOException {
    around(
        StoreFault.Operation.RENAME,
        to,
        () ->
            Files.move(
                pathToFile(from).toPath(),
                pathToFile(to).toPath(),
                StandardCopyOption.ATOMIC_MOVE));
  }

  private FSDataOutputStream watched(Path file, FSDataOutputStream out, long position)
      throws IOException {
    return new FSDataOutputStream(new Watched(file, out), null, position);
  }

  private interface Act<T> {
    T run() throws IOException;
  }

  private <T> T around(StoreFault.Operation operation, Path file, Act<T> act) throws IOException {
    befall(StoreFault.When.BEFORE, operation, file);
    T result = act.run();
    befall(StoreFault.When.AFTER, operation, file);
    return result;
  }

  private void befall(StoreFault.When when, StoreFault.Operation operation, Path file)
      throws IOException {
    String name = file.getName();
    for (StoreFault fault : faults) {
      if (fault.concerns(when, operation, name)) {
        int occurrence =
            OCCURRENCES.computeIfAbsent(fault, f -> new AtomicInteger()).incrementAndGet();
        fault.befall(occurrence, name);
      }
    }
  }

  /** What is written, until it is closed. */
  private final class Watched extends FilterOutputStream {
    private final Path file;

    Watched(Path file, OutputStream out) {
      super(out);
      this.file = file;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      out.write(bytes, offset, length);
    }

    @Override
    public void close() throws IOException {
      around(
          StoreFault.Operation.CLOSE,
          file,
          () -> {
            super.close();
            return true;
          });
    }
  }
}
