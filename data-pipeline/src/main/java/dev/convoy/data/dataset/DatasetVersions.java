package dev.convoy.data.dataset;

import dev.convoy.data.storage.Storage;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;

/** The version folders of a dataset; one without a manifest does not exist for readers. */
public final class DatasetVersions {
  public static final String FOLDER = "versions";
  public static final String MANIFEST = "manifest.json";
  public static final String REJECTS = "rejects.csv";

  private final Storage dataset;

  public DatasetVersions(Storage dataset) {
    this.dataset = dataset;
  }

  /** The committed versions, oldest first. */
  public List<String> committed() throws IOException {
    List<String> names = new java.util.ArrayList<>();
    for (String name : folders()) {
      if (dataset.isFile(path(name) + "/" + MANIFEST)) {
        names.add(name);
      }
    }
    return names;
  }

  /** All version folders, committed or not, oldest first. */
  public List<String> folders() throws IOException {
    return dataset.listing(FOLDER).folders().stream()
        .filter(VersionName::isValid)
        .sorted(
            Comparator.comparingInt(VersionName::number).thenComparing(Comparator.naturalOrder()))
        .toList();
  }

  /**
   * The manifest of a committed version.
   *
   * @throws dev.convoy.data.BadDataException if it is damaged
   */
  public DatasetManifest manifest(String version) throws IOException {
    String file = path(version) + "/" + MANIFEST;
    DatasetManifest manifest = ManifestJson.read(dataset.read(file), dataset.location(file));
    if (!manifest.version().equals(version)) {
      throw new dev.convoy.data.BadDataException(
          dataset.location(file)
              + " is the manifest of version "
              + manifest.version()
              + "; a version's folder must keep its name");
    }
    return manifest;
  }

  /** A version's folder, relative to the dataset. */
  public static String path(String version) {
    return FOLDER + "/" + version;
  }
}
