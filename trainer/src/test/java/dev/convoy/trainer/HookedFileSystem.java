package dev.convoy.trainer;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.DelegateToFileSystem;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;

/** Local files, with a test's own code before each file is opened, created or deleted. */
public final class HookedFileSystem extends RawLocalFileSystem {

  private static final String SCHEME = "hooked";

  private static final Hook NOTHING = (act, file) -> {};

  /** Hadoop makes these objects itself, so what tests set is the class's. */
  private static final AtomicReference<Hook> HOOK = new AtomicReference<>(NOTHING);

  /** What is done to a file. */
  public enum Act {
    OPEN,
    CREATE,
    DELETE
  }

  /** A test's own code. */
  public interface Hook {

    /** Called before something is done; what it throws is the file system's failure. */
    void before(Act act, java.nio.file.Path file) throws IOException;
  }

  /** From now on this is called. */
  public static void setHook(Hook hook) {
    HOOK.set(hook);
  }

  /** From now on these are ordinary files. */
  public static void unhook() {
    HOOK.set(NOTHING);
  }

  /** A local path in this file system. */
  public static String location(java.nio.file.Path path) {
    return SCHEME + "://" + path;
  }

  /** With which Hadoop knows this file system. */
  public static Configuration register(Configuration hadoop) {
    hadoop.setClass(
        "fs.hooked.impl", HookedFileSystem.class, org.apache.hadoop.fs.FileSystem.class);
    hadoop.set("fs.AbstractFileSystem.hooked.impl", Context.class.getName());
    return hadoop;
  }

  @Override
  public URI getUri() {
    return URI.create(SCHEME + ":///");
  }

  @Override
  public String getScheme() {
    return SCHEME;
  }

  @Override
  public FSDataInputStream open(Path file, int bufferSize) throws IOException {
    hook(Act.OPEN, file);
    return super.open(file, bufferSize);
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
    hook(Act.CREATE, file);
    return super.create(file, overwrite, bufferSize, replication, blockSize, progress);
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
    hook(Act.CREATE, file);
    return super.create(file, permission, overwrite, bufferSize, replication, blockSize, progress);
  }

  @Override
  public boolean delete(Path file, boolean recursive) throws IOException {
    hook(Act.DELETE, file);
    return super.delete(file, recursive);
  }

  private static void hook(Act act, Path file) throws IOException {
    HOOK.get().before(act, java.nio.file.Path.of(file.toUri().getPath()));
  }

  /** The same for Hadoop's FileContext. */
  public static final class Context extends DelegateToFileSystem {

    /** Called by Hadoop. */
    public Context(URI uri, Configuration conf) throws IOException, URISyntaxException {
      super(uri, new HookedFileSystem(), conf, SCHEME, false);
    }
  }
}
