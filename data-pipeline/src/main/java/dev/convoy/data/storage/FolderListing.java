package dev.convoy.data.storage;

import java.util.List;

/**
 * What one folder holds, both in the order of the names.
 *
 * @param files its files
 * @param folders the names of its sub-folders
 */
public record FolderListing(List<StoredFile> files, List<String> folders) {
  public FolderListing {
    files = List.copyOf(files);
    folders = List.copyOf(folders);
  }

  public boolean isEmpty() {
    return files.isEmpty() && folders.isEmpty();
  }
}
