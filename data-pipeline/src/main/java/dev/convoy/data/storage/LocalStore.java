package dev.convoy.data.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Local files by java.nio: no side files, synced to disk, atomic renames. */
final class LocalStore implements Store {
  // A channel copies what it is given to memory outside of the heap first.
  private static final int CHUNK_BYTES = 1 << 20;

  private final Path folder;

  private LocalStore(Path folder) {
    this.folder = folder;
  }

  static LocalStore at(String folder) throws IOException {
    return new LocalStore(path(() -> Path.of(folder), folder));
  }

  @Override
  public Store folder(String name) throws IOException {
    return new LocalStore(resolve(name));
  }

  @Override
  public boolean isFile(String name) throws IOException {
    return Files.isRegularFile(resolve(name));
  }

  @Override
  public boolean isFolder(String name) throws IOException {
    return Files.isDirectory(resolve(name));
  }

  @Override
  public byte[] read(String name) throws IOException {
    Path file = resolve(name);
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw explained("read", file, e);
    }
  }

  @Override
  public void write(String name, byte[] content) throws IOException {
    Path file = resolve(name);
    Path temporary = resolve(TemporaryName.beside(name));
    try {
      createFoldersAbove(file);
      try {
        writeSynced(temporary, content, StandardOpenOption.CREATE_NEW);
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(temporary);
      }
      syncFolderOf(file);
    } catch (IOException e) {
      throw explained("write", file, e);
    }
  }

  @Override
  public boolean createExclusively(String name, byte[] content) throws IOException {
    Path file = resolve(name);
    try {
      createFoldersAbove(file);
      Files.createFile(file);
      boolean done = false;
      try {
        writeSynced(file, content, StandardOpenOption.TRUNCATE_EXISTING);
        done = true;
      } finally {
        if (!done) {
          Files.deleteIfExists(file);
        }
      }
      syncFolderOf(file);
      return true;
    } catch (FileAlreadyExistsException e) {
      return false;
    } catch (IOException e) {
      throw explained("create", file, e);
    }
  }

  @Override
  public FolderListing list(String name, Progress progress) throws IOException {
    Path listed = resolve(name);
    List<StoredFile> files = new ArrayList<>();
    List<String> folders = new ArrayList<>();
    try (DirectoryStream<Path> children = Files.newDirectoryStream(listed)) {
      for (Path child : children) {
        String childName = child.getFileName().toString();
        if (Files.isDirectory(child)) {
          folders.add(childName);
        } else {
          files.add(describe(child, childName));
        }
      }
    } catch (NoSuchFileException | NotDirectoryException e) {
      return new FolderListing(List.of(), List.of());
    } catch (IOException e) {
      throw explained("list", listed, e);
    }
    files.sort(Comparator.comparing(StoredFile::name));
    folders.sort(Comparator.naturalOrder());
    return new FolderListing(files, folders);
  }

  // A file may vanish while a folder is listed, or be a link to nothing: who reads it will see.
  private static StoredFile describe(Path file, String name) throws IOException {
    try {
      BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
      return new StoredFile(name, attributes.size(), attributes.lastModifiedTime().toInstant());
    } catch (NoSuchFileException e) {
      return new StoredFile(name, 0, Instant.EPOCH);
    }
  }

  @Override
  public void delete(String name) throws IOException {
    Path deleted = resolve(name);
    try {
      Files.walkFileTree(deleted, new Deletion());
    } catch (NoSuchFileException e) {
      // Somebody else was faster.
    } catch (IOException e) {
      throw explained("delete", deleted, e);
    }
  }

  private static final class Deletion extends SimpleFileVisitor<Path> {
    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      Files.deleteIfExists(file);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path folder, IOException failure) throws IOException {
      if (failure != null) {
        throw failure;
      }
      Files.deleteIfExists(folder);
      return FileVisitResult.CONTINUE;
    }
  }

  @Override
  public boolean canAppend() {
    return true;
  }

  @Override
  public void append(String name, byte[] content) throws IOException {
    Path file = resolve(name);
    try {
      createFoldersAbove(file);
      writeSynced(file, content, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw explained("append to", file, e);
    }
  }

  private static void writeSynced(Path file, byte[] content, OpenOption... opening)
      throws IOException {
    Set<OpenOption> options = new HashSet<>(List.of(opening));
    options.add(StandardOpenOption.WRITE);
    try (FileChannel channel = FileChannel.open(file, options)) {
      ByteBuffer remaining = ByteBuffer.wrap(content);
      while (remaining.position() < content.length) {
        remaining.limit(Math.min(content.length, remaining.position() + CHUNK_BYTES));
        channel.write(remaining);
      }
      channel.force(true);
    }
  }

  private static void createFoldersAbove(Path file) throws IOException {
    Path parent = file.getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
  }

  // A rename survives a power cut only when its folder is synced; not every system can do that.
  private static void syncFolderOf(Path file) {
    Path parent = file.getParent();
    if (parent == null) {
      return;
    }
    try (FileChannel channel = FileChannel.open(parent, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException e) {
      return;
    }
  }

  private Path resolve(String name) throws IOException {
    return path(() -> folder.resolve(name), name);
  }

  private static Path path(java.util.function.Supplier<Path> path, String name) throws IOException {
    try {
      return path.get();
    } catch (InvalidPathException e) {
      throw new IOException(
          "This Java process cannot name the file '"
              + name
              + "' (file names are encoded as "
              + System.getProperty("sun.jnu.encoding")
              + "); set LC_ALL=C.UTF-8 on the driver and the executors",
          e);
    }
  }

  private static IOException explained(String act, Path file, IOException e) {
    if (e instanceof NoSuchFileException missing && file.toString().equals(missing.getFile())) {
      return missing;
    }
    String reason = e.getMessage();
    if (e instanceof AccessDeniedException denied) {
      reason = "permission denied for " + denied.getFile();
    } else if (e instanceof FileSystemException problem && problem.getReason() != null) {
      reason = problem.getReason();
    }
    String message = "Cannot " + act + " " + file + ": " + reason;
    if (e instanceof AccessDeniedException) {
      AccessDeniedException explained =
          new AccessDeniedException(file.toString(), null, "Cannot " + act + ": " + reason);
      explained.initCause(e);
      return explained;
    }
    return new IOException(message, e);
  }
}
