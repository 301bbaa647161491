package dev.convoy.data.storage;

import java.io.IOException;

/** One folder of one kind of file system; names are relative, with '/', "" being the folder. */
interface Store {
  /** The folder of that name, which need not exist yet. */
  Store folder(String name) throws IOException;

  boolean isFile(String name) throws IOException;

  boolean isFolder(String name) throws IOException;

  byte[] read(String name) throws IOException;

  void write(String name, byte[] content) throws IOException;

  boolean createExclusively(String name, byte[] content) throws IOException;

  /** Empty where there is no such folder; temporary files included. */
  default FolderListing list(String folder) throws IOException {
    return list(folder, new Progress());
  }

  /** The same, with a sign of progress at each of the answers that a large folder takes. */
  FolderListing list(String folder, Progress progress) throws IOException;

  void delete(String name) throws IOException;

  /** Deletes a file that was read before. */
  default void delete(String name, byte[] content) throws IOException {
    delete(name);
  }

  boolean canAppend() throws IOException;

  void append(String name, byte[] content) throws IOException;
}
