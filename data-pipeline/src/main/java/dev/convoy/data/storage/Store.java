package dev.convoy.data.storage;

import java.io.IOException;
import java.io.InputStream;

/** One folder of one kind of file system; names are relative, with '/', "" being the folder. */
interface Store {
  boolean isFile(String name) throws IOException;

  boolean isFolder(String name) throws IOException;

  byte[] read(String name) throws IOException;

  InputStream open(String name) throws IOException;

  void write(String name, ContentWriter content) throws IOException;

  boolean createExclusively(String name, byte[] content) throws IOException;

  /** Empty where there is no such folder; temporary files included. */
  FolderListing list(String folder) throws IOException;

  void delete(String name) throws IOException;

  boolean canAppend() throws IOException;

  void append(String name, byte[] content) throws IOException;
}
