package dev.convoy.data.ingest;

import dev.convoy.data.BadDataException;
import dev.convoy.data.InvalidRequestException;
import dev.convoy.data.dataset.Split;
import dev.convoy.data.storage.FolderListing;
import dev.convoy.data.storage.Storage;
import dev.convoy.data.storage.StoredFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Finds the image files of an input, on the driver. */
final class SourceTree {
  private static final int MOST_LEVELS = 64;

  /** A file is read whole, into one array: what is longer is hardly an image. */
  private static final long MOST_BYTES = 1L << 29;

  private static final char UNDECODABLE = '\uFFFD';
  private static final Map<String, Split> SPLIT_NAMES =
      Map.of(
          "train", Split.TRAIN,
          "val", Split.VALIDATION,
          "validation", Split.VALIDATION,
          "test", Split.TEST);

  /** What others call their splits. Two such folders are hardly two classes. */
  private static final Set<String> LIKE_SPLIT_NAMES =
      Set.of("train", "training", "val", "valid", "validation", "dev", "test", "testing");

  private static final Set<String> EXTENSIONS = Set.of("jpg", "jpeg", "png");

  private final Storage root;
  private final List<String> ids = new ArrayList<>();
  private final List<Reject> rejects = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();
  private long hidden;
  private long others;

  /**
   * What was found.
   *
   * @param ids of the image files, in the order of the walk
   * @param rejects image files that cannot even be named, or are too long
   * @param warnings for the person
   * @param hidden files and folders whose name begins with . or _
   * @param others files that are no images by their name
   */
  record Found(
      TreeLayout layout,
      List<String> ids,
      List<Reject> rejects,
      List<String> warnings,
      long hidden,
      long others) {}

  private SourceTree(Storage root) {
    this.root = root;
  }

  /**
   * Walks the input.
   *
   * @throws InvalidRequestException if the input is missing or a file
   * @throws BadDataException if its folders are not laid out as images of classes
   */
  static Found walk(Storage root, Layout wanted) throws IOException {
    if (root.isFile("")) {
      throw new InvalidRequestException(
          "The input " + root + " is a file; give the folder that holds one folder per class");
    }
    if (!root.isFolder("")) {
      throw new InvalidRequestException(
          "The input " + root + " does not exist; give the folder that holds one folder per class");
    }
    return new SourceTree(root).walk(wanted);
  }

  private Found walk(Layout wanted) throws IOException {
    FolderListing top = root.listing("");
    List<String> folders = visible(top.folders());
    if (top.isEmpty()) {
      throw new BadDataException(
          "The input " + root + " is empty; it must hold one folder of images per class");
    }
    countFiles(top, "");
    TreeLayout layout = layout(folders, wanted);
    for (String folder : folders) {
      if (layout.hasOfficialSplits()) {
        FolderListing split = root.listing(folder);
        countFiles(split, folder);
        for (String name : visible(split.folders())) {
          walkClass(folder + "/" + name);
        }
      } else {
        walkClass(folder);
      }
    }
    if (ids.isEmpty() && rejects.isEmpty()) {
      throw new BadDataException(
          "The input "
              + root
              + " holds no images: no file below its folders ends in .jpg, .jpeg or .png");
    }
    return new Found(layout, ids, rejects, warnings, hidden, others);
  }

  private TreeLayout layout(List<String> folders, Layout wanted) throws IOException {
    if (wanted == Layout.CLASSES) {
      return new TreeLayout(Map.of());
    }
    boolean likeSplits =
        SPLIT_NAMES.keySet().containsAll(folders)
            && folders.contains("train")
            && folders.size() > 1;
    if (wanted == Layout.AUTO && !likeSplits) {
      refuseWhatMayBeSplits(folders);
      return new TreeLayout(Map.of());
    }
    Map<String, Split> splits = new HashMap<>();
    for (String folder : folders) {
      Split split = SPLIT_NAMES.get(folder);
      if (split == null) {
        throw new InvalidRequestException(
            "The folder "
                + root.location(folder)
                + " is no split; with the layout splits the input may hold only the folders train,"
                + " val or validation, and test");
      }
      if (splits.containsValue(split)) {
        throw new BadDataException(
            "The input " + root + " holds both val and validation; keep one of them");
      }
      if (visible(root.listing(folder).folders()).isEmpty()) {
        throw new BadDataException(
            "The folder "
                + root.location(folder)
                + " is named like a split but holds no class folders; put its images into one"
                + " folder per class, or give the layout classes if "
                + folder
                + " is a class");
      }
      splits.put(folder, split);
    }
    if (!splits.containsValue(Split.TRAIN)) {
      throw new BadDataException("The input " + root + " has no folder train");
    }
    return new TreeLayout(splits);
  }

  private void refuseWhatMayBeSplits(List<String> folders) {
    List<String> doubtful =
        folders.stream()
            .filter(name -> LIKE_SPLIT_NAMES.contains(name.toLowerCase(Locale.ROOT)))
            .toList();
    if (doubtful.size() > 1) {
      throw new InvalidRequestException(
          "The folders "
              + String.join(", ", doubtful)
              + " in "
              + root
              + " may be splits or classes. For splits name them train, val or validation, and test,"
              + " with no other folder beside them; if they are classes, give the layout classes");
    }
  }

  private void walkClass(String folder) throws IOException {
    int before = ids.size() + rejects.size();
    walkBelow(folder, 1);
    if (ids.size() + rejects.size() == before) {
      warnings.add("The folder " + folder + " holds no images and makes no class");
    }
  }

  private void walkBelow(String folder, int level) throws IOException {
    if (folder.indexOf(UNDECODABLE) >= 0) {
      throw new BadDataException(
          "The name of the folder " + root.location(folder) + " " + undecodable());
    }
    if (level > MOST_LEVELS) {
      throw new BadDataException(
          "The folder "
              + root.location(folder)
              + " is more than "
              + MOST_LEVELS
              + " levels deep; is there a link that leads back to a folder above?");
    }
    FolderListing listing = root.listing(folder);
    countHiddenFolders(listing);
    for (StoredFile file : listing.files()) {
      if (isHidden(file.name())) {
        hidden++;
      } else if (!isImage(file.name())) {
        others++;
      } else if (file.name().indexOf(UNDECODABLE) >= 0) {
        rejects.add(new Reject(folder + "/" + file.name(), "its name " + undecodable()));
      } else if (file.length() > MOST_BYTES) {
        rejects.add(
            new Reject(
                folder + "/" + file.name(),
                "it has %d bytes; images of at most %d are read"
                    .formatted(file.length(), MOST_BYTES)));
      } else {
        ids.add(folder + "/" + file.name());
      }
    }
    for (String name : visible(listing.folders())) {
      walkBelow(folder + "/" + name, level + 1);
    }
  }

  // Files where only folders belong: an image there has no class.
  private void countFiles(FolderListing listing, String folder) {
    countHiddenFolders(listing);
    List<String> images = new ArrayList<>();
    for (StoredFile file : listing.files()) {
      if (isHidden(file.name())) {
        hidden++;
      } else if (isImage(file.name())) {
        images.add(file.name());
      } else {
        others++;
      }
    }
    if (!images.isEmpty()) {
      throw new BadDataException(
          images.size()
              + " images lie directly in "
              + root.location(folder)
              + " (first: "
              + images.get(0)
              + "); an image needs a folder that is named after its class");
    }
  }

  private void countHiddenFolders(FolderListing listing) {
    hidden += listing.folders().size() - visible(listing.folders()).size();
  }

  private static List<String> visible(List<String> folders) {
    return folders.stream().filter(name -> !isHidden(name)).toList();
  }

  private static boolean isHidden(String name) {
    return name.startsWith(".") || name.startsWith("_");
  }

  private static boolean isImage(String name) {
    String extension = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    return name.indexOf('.') > 0 && EXTENSIONS.contains(extension);
  }

  private static String undecodable() {
    return "is not in the encoding that this Java process uses for names ("
        + System.getProperty("sun.jnu.encoding")
        + "); rename it, or set LC_ALL=C.UTF-8 on the driver and the executors";
  }
}
