package dev.convoy.trainer.prediction;

import dev.convoy.data.InvalidRequestException;
import dev.convoy.data.storage.FolderListing;
import dev.convoy.data.storage.Storage;
import dev.convoy.data.storage.StoredFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;

/** The image files below a folder. */
final class ImageFiles {

  private static final List<String> ENDINGS = List.of(".jpg", ".jpeg", ".png");

  private ImageFiles() {}

  /**
   * Lists them, sorted, relative to the folder.
   *
   * @throws InvalidRequestException if there is no such folder, or no image in it
   */
  static List<String> below(String folder, Configuration hadoop) throws IOException {
    Storage root = Storage.at(folder, hadoop);
    if (!root.isFolder("")) {
      throw new InvalidRequestException(
          "--input %s is not a folder; give a folder of images".formatted(folder));
    }
    List<String> found = new ArrayList<>();
    walk(root, "", found);
    if (found.isEmpty()) {
      throw new InvalidRequestException(
          "there is no .jpg, .jpeg or .png file below %s".formatted(folder));
    }
    found.sort(null);
    return found;
  }

  private static void walk(Storage root, String folder, List<String> found) throws IOException {
    FolderListing listing = root.listing(folder);
    String prefix = folder.isEmpty() ? "" : folder + "/";
    for (StoredFile file : listing.files()) {
      String lower = file.name().toLowerCase(Locale.ROOT);
      if (!file.name().startsWith(".") && ENDINGS.stream().anyMatch(lower::endsWith)) {
        found.add(prefix + file.name());
      }
    }
    for (String child : listing.folders()) {
      if (!child.startsWith(".")) {
        walk(root, prefix + child, found);
      }
    }
  }
}
