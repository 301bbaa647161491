package dev.convoy.data.storage;

import dev.convoy.data.InvalidRequestException;
import java.io.IOException;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.UnsupportedFileSystemException;

/**
 * One folder in any file system that Hadoop knows (file:, hdfs:, s3a: and others).
 *
 * <p>Names are relative to the folder, with '/' between their parts, and are taken literally:
 * nothing in them is decoded or expanded, so that blanks, '%', '#', '+' and ':' are ordinary
 * characters. Errors are {@link IOException}s whose message holds the path.
 *
 * <p>What {@link #write} writes is seen whole or not at all: local files and HDFS are written under
 * a temporary name, synced and renamed; object stores get one PUT, which is atomic by itself. The
 * local file system is used directly, without Hadoop's {@code .crc} files. Instances are safe for
 * concurrent use, and can travel to executors.
 *
 * <p>All but the local file system may fail or hang for {@code convoy.store.patience} (a setting of
 * Hadoop's configuration, five minutes by default): until then what may pass is tried again and
 * logged, after that the operation throws. The time for a listing begins anew with each answer, up
 * to its first failure.
 */
public final class Storage implements Serializable {
  private static final Pattern WITH_SCHEME =
      Pattern.compile("[A-Za-z][A-Za-z0-9+.-]+:/.*", Pattern.DOTALL);
  private static final String[] FORBIDDEN_PARTS = {"", ".", ".."};

  private final String location;
  private final HadoopSettings settings;
  private transient volatile Store store;

  private Storage(String location, HadoopSettings settings, Store store) {
    this.location = location;
    this.settings = settings;
    this.store = store;
  }

  /**
   * The folder, which need not exist yet.
   *
   * @param folder a URI such as {@code s3a://bucket/flowers} (not percent-encoded), or a path in
   *     Hadoop's default file system
   * @throws InvalidRequestException if no file system serves the location
   * @throws IOException if the file system cannot be reached
   */
  public static Storage at(String folder, Configuration hadoop) throws IOException {
    Path path = qualified(folder, hadoop);
    return new Storage(path.toString(), HadoopSettings.of(hadoop), storeAt(path, hadoop));
  }

  /** Absolute, with its scheme; {@link #at} takes it back. */
  public String location() {
    return location;
  }

  /** Where something of this folder lies. */
  public String location(String name) {
    return checked(name).isEmpty() ? location : child(new Path(location), name).toString();
  }

  public Storage folder(String name) throws IOException {
    Path path = child(parse(location), checked(name));
    return new Storage(path.toString(), settings, store().folder(name));
  }

  /** Whether there is a file or a folder of that name; "" asks for this folder. */
  public boolean exists(String name) throws IOException {
    return isFile(name) || isFolder(name);
  }

  public boolean isFile(String name) throws IOException {
    return store().isFile(checked(name));
  }

  public boolean isFolder(String name) throws IOException {
    return store().isFolder(checked(name));
  }

  /**
   * The whole content of a file of at most 2 GiB.
   *
   * @throws java.nio.file.NoSuchFileException if there is none
   */
  public byte[] read(String name) throws IOException {
    return store().read(checkedFile(name));
  }

  /**
   * Writes or replaces a file, and the folders above it. If this throws, the file is what it was;
   * only a store that stopped answering may have replaced it, or may still do so.
   */
  public void write(String name, byte[] content) throws IOException {
    store().write(checkedFile(name), content);
  }

  /**
   * Creates a file that must not exist yet. Of several callers at most one gets {@code true} on
   * local files and HDFS; object stores without an atomic create (S3A) only look first. Others may
   * see the file before its content is complete; if this throws, it is gone again. The content must
   * be the caller's alone: by it a file is known as created by an attempt that seemed to fail.
   *
   * @return whether it was created; false if it was there already
   */
  public boolean createExclusively(String name, byte[] content) throws IOException {
    return store().createExclusively(checkedFile(name), content);
  }

  /** The files of a folder in the order of their names; none where there is no such folder. */
  public List<StoredFile> list(String folderName) throws IOException {
    return listing(folderName).files();
  }

  /** Files and sub-folders, without files that are still being written. */
  public FolderListing listing(String folderName) throws IOException {
    FolderListing all = store().list(checked(folderName));
    List<StoredFile> complete =
        all.files().stream().filter(file -> !TemporaryName.matches(file.name())).toList();
    return new FolderListing(complete, all.folders());
  }

  /** Deletes what writers that were killed left in a folder. Writers still at work will fail. */
  public void deleteUnfinished(String folderName) throws IOException {
    for (StoredFile file : store().list(checked(folderName)).files()) {
      if (TemporaryName.matches(file.name())) {
        delete(folderName.isEmpty() ? file.name() : folderName + "/" + file.name());
      }
    }
  }

  /** Deletes a file, or a folder with all it holds; "" deletes this folder. Absent is fine. */
  public void delete(String name) throws IOException {
    store().delete(checked(name));
  }

  /**
   * Deletes a file that others may write anew as soon as it is gone. Where the store has to be
   * asked again, the file is looked at first: one of another content is somebody else's, and stays.
   *
   * @param content that it had when it was read
   */
  public void delete(String name, byte[] content) throws IOException {
    store().delete(checked(name), content);
  }

  public boolean canAppend() throws IOException {
    return store().canAppend();
  }

  /**
   * Appends to a file, creating it where needed; for one writer at a time. If this throws, all of
   * the content, a part or nothing may have been appended.
   *
   * @throws UnsupportedOperationException where {@link #canAppend} is false
   */
  public void append(String name, byte[] content) throws IOException {
    store().append(checkedFile(name), content);
  }

  @Override
  public String toString() {
    return location;
  }

  Store store() throws IOException {
    Store opened = store;
    if (opened == null) {
      opened = storeAt(parse(location), settings.toConfiguration());
      store = opened;
    }
    return opened;
  }

  private static Path qualified(String folder, Configuration hadoop) throws IOException {
    if (folder.isBlank()) {
      throw new InvalidRequestException(
          "A location is empty; give a path, or a URI such as s3a://bucket/folder");
    }
    try {
      Path path = parse(folder);
      Path qualified = path.getFileSystem(hadoop).makeQualified(path);
      return qualified.toUri().getPath().isEmpty() ? new Path(qualified, "/") : qualified;
    } catch (UnsupportedFileSystemException e) {
      throw new InvalidRequestException(
          "No file system is known for "
              + folder
              + "; known are paths, file:, hdfs:, and others whose Hadoop module is present",
          e);
    } catch (IllegalArgumentException e) {
      throw new InvalidRequestException(
          folder + " is not a location: " + e.getMessage() + "; give a path or a URI", e);
    }
  }

  // Without this, a path such as "a:b" would be read as one of scheme "a".
  private static Path parse(String folder) {
    return WITH_SCHEME.matcher(folder).matches() ? new Path(folder) : new Path(null, null, folder);
  }

  static Path child(Path parent, String name) {
    return name.isEmpty() ? parent : new Path(parent, new Path(null, null, name));
  }

  private static Store storeAt(Path path, Configuration hadoop) throws IOException {
    FileSystem files = path.getFileSystem(hadoop);
    if (files instanceof LocalFileSystem || files.getClass() == RawLocalFileSystem.class) {
      return LocalStore.at(path.toUri().getPath());
    }
    return new PatientStore(new HadoopStore(files, path, hadoop), path, Patience.of(hadoop));
  }

  private static String checked(String name) {
    if (name.isEmpty()) {
      return name;
    }
    for (String part : name.split("/", -1)) {
      if (Arrays.asList(FORBIDDEN_PARTS).contains(part)) {
        throw new IllegalArgumentException(
            "'" + name + "' is not a name within a folder: its parts must not be empty, . or ..");
      }
    }
    return name;
  }

  private static String checkedFile(String name) {
    if (name.isEmpty()) {
      throw new IllegalArgumentException("The name of a file must not be empty");
    }
    return checked(name);
  }
}
