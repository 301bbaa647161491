package dev.convoy.data.storage;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.CommonPathCapabilities;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.hadoop.fs.StreamCapabilities;
import org.apache.hadoop.ipc.RemoteException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Any file system but the local one, through Hadoop. */
final class HadoopStore implements Store {
  private static final Logger LOG = LoggerFactory.getLogger(HadoopStore.class);

  /** Stores where a file appears when its stream is closed, and a rename is a copy. */
  private static final Set<String> OBJECT_STORES =
      Set.of("s3a", "s3", "s3n", "gs", "oss", "cosn", "obs", "wasb", "wasbs", "swift");

  private final FileSystem files;
  private final Path folder;
  private final Configuration hadoop;
  private final boolean renames;

  HadoopStore(FileSystem files, Path folder, Configuration hadoop) {
    this.files = files;
    this.folder = folder;
    this.hadoop = hadoop;
    String scheme = String.valueOf(files.getUri().getScheme()).toLowerCase(Locale.ROOT);
    this.renames = !OBJECT_STORES.contains(scheme);
  }

  @Override
  public Store folder(String name) {
    return new HadoopStore(files, path(name), hadoop);
  }

  @Override
  public boolean isFile(String name) throws IOException {
    try {
      return files.getFileStatus(path(name)).isFile();
    } catch (FileNotFoundException e) {
      return false;
    }
  }

  @Override
  public boolean isFolder(String name) throws IOException {
    try {
      return files.getFileStatus(path(name)).isDirectory();
    } catch (FileNotFoundException e) {
      return false;
    }
  }

  @Override
  public byte[] read(String name) throws IOException {
    try (FSDataInputStream in = openFile(name)) {
      return in.readAllBytes();
    }
  }

  private FSDataInputStream openFile(String name) throws IOException {
    try {
      return files.open(path(name));
    } catch (FileNotFoundException e) {
      NoSuchFileException missing = new NoSuchFileException(path(name).toString());
      missing.initCause(e);
      throw missing;
    }
  }

  @Override
  public void write(String name, byte[] content) throws IOException {
    Path file = path(name);
    try {
      if (renames) {
        writeAndRename(file, path(TemporaryName.beside(name)), content);
      } else {
        put(file, content);
      }
    } catch (IOException e) {
      throw new IOException("Cannot write " + file + ": " + e.getMessage(), e);
    }
  }

  private void writeAndRename(Path file, Path temporary, byte[] content) throws IOException {
    boolean done = false;
    try {
      try (FSDataOutputStream out = files.create(temporary, false)) {
        out.write(content);
        out.hsync();
      }
      FileContext.getFileContext(files.getUri(), hadoop)
          .rename(temporary, file, Options.Rename.OVERWRITE);
      done = true;
    } finally {
      if (!done) {
        files.delete(temporary, false);
      }
    }
  }

  // Closing publishes the object, half-written or not: on failure the upload must be aborted.
  private void put(Path file, byte[] content) throws IOException {
    FSDataOutputStream out = files.create(file, true);
    boolean done = false;
    try {
      out.write(content);
      done = true;
    } finally {
      if (!done) {
        abandon(file, out);
      }
    }
    out.close();
  }

  private static void abandon(Path file, FSDataOutputStream out) {
    if (out.hasCapability(StreamCapabilities.ABORTABLE_STREAM)) {
      out.abort();
    } else {
      LOG.warn("An unfinished upload to {} is left open: its store cannot abort uploads", file);
    }
  }

  @Override
  public boolean createExclusively(String name, byte[] content) throws IOException {
    Path file = path(name);
    try {
      FSDataOutputStream created = files.create(file, false);
      boolean done = false;
      try (FSDataOutputStream out = created) {
        out.write(content);
        done = true;
      } finally {
        if (!done) {
          files.delete(file, false);
        }
      }
      return true;
    } catch (FileAlreadyExistsException e) {
      return false;
    } catch (RemoteException e) {
      if (e.getClassName().endsWith(".AlreadyBeingCreatedException")) {
        return false;
      }
      throw new IOException("Cannot create " + file + ": " + e.getMessage(), e);
    } catch (IOException e) {
      throw new IOException("Cannot create " + file + ": " + e.getMessage(), e);
    }
  }

  @Override
  public FolderListing list(String name, Progress progress) throws IOException {
    List<StoredFile> listed = new ArrayList<>();
    List<String> folders = new ArrayList<>();
    try {
      // Not listStatus: it is silent until the last page of a folder of millions is there.
      RemoteIterator<FileStatus> children = files.listStatusIterator(path(name));
      while (children.hasNext()) {
        FileStatus child = children.next();
        progress.made();
        String childName = child.getPath().getName();
        if (child.isDirectory()) {
          folders.add(childName);
        } else if (!child.getPath().equals(path(name))) {
          listed.add(
              new StoredFile(
                  childName, child.getLen(), Instant.ofEpochMilli(child.getModificationTime())));
        }
      }
    } catch (FileNotFoundException e) {
      return new FolderListing(List.of(), List.of());
    }
    listed.sort(Comparator.comparing(StoredFile::name));
    folders.sort(Comparator.naturalOrder());
    return new FolderListing(listed, folders);
  }

  @Override
  public void delete(String name) throws IOException {
    Path deleted = path(name);
    if (!files.delete(deleted, true) && files.exists(deleted)) {
      throw new IOException("Cannot delete " + deleted);
    }
  }

  @Override
  public boolean canAppend() throws IOException {
    return files.hasPathCapability(folder, CommonPathCapabilities.FS_APPEND);
  }

  @Override
  public void append(String name, byte[] content) throws IOException {
    Path file = path(name);
    if (!canAppend()) {
      throw new UnsupportedOperationException("Nothing can be appended to files such as " + file);
    }
    try (FSDataOutputStream out = files.exists(file) ? files.append(file) : files.create(file)) {
      out.write(content);
      out.hsync();
    } catch (IOException e) {
      throw new IOException("Cannot append to " + file + ": " + e.getMessage(), e);
    }
  }

  private Path path(String name) {
    return Storage.child(folder, name);
  }
}
