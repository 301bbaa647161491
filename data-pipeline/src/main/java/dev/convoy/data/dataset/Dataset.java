package dev.convoy.data.dataset;

import dev.convoy.data.InvalidRequestException;
import dev.convoy.data.storage.Storage;
import java.io.IOException;
import java.util.List;
import org.apache.hadoop.conf.Configuration;

/** One version of a dataset, opened for reading. */
public final class Dataset {
  private final Storage folder;
  private final DatasetManifest manifest;
  private final List<String> versions;

  private Dataset(Storage folder, DatasetManifest manifest, List<String> versions) {
    this.folder = folder;
    this.manifest = manifest;
    this.versions = versions;
  }

  /**
   * Opens the newest version.
   *
   * @throws InvalidRequestException if there is no dataset
   * @throws dev.convoy.data.BadDataException if its manifest is damaged
   * @throws IOException if the file system fails
   */
  public static Dataset open(String location, Configuration hadoop) throws IOException {
    Storage folder = Storage.at(location, hadoop);
    List<String> versions = committed(folder);
    return open(folder, versions.get(versions.size() - 1), versions);
  }

  /**
   * Opens one version.
   *
   * @param version its name such as 00002-0a1b2c3d4e5f, or its number
   * @throws InvalidRequestException if there is no such dataset or version
   * @throws dev.convoy.data.BadDataException if its manifest is damaged
   * @throws IOException if the file system fails
   */
  public static Dataset open(String location, String version, Configuration hadoop)
      throws IOException {
    Storage folder = Storage.at(location, hadoop);
    List<String> versions = committed(folder);
    for (String present : versions) {
      if (present.equals(version) || isNumberOf(version, present)) {
        return open(folder, present, versions);
      }
    }
    throw new InvalidRequestException(
        "The dataset "
            + folder
            + " has no version "
            + version
            + "; it has "
            + String.join(", ", versions));
  }

  private static Dataset open(Storage folder, String version, List<String> versions)
      throws IOException {
    return new Dataset(folder, new DatasetVersions(folder).manifest(version), versions);
  }

  private static boolean isNumberOf(String number, String version) {
    return number.matches("\\d{1,9}") && Integer.parseInt(number) == VersionName.number(version);
  }

  private static List<String> committed(Storage folder) throws IOException {
    List<String> versions = new DatasetVersions(folder).committed();
    if (versions.isEmpty()) {
      String what = "There is nothing at " + folder;
      if (folder.isFile("")) {
        what = folder + " is a file, not a dataset";
      } else if (folder.isFolder(DatasetVersions.FOLDER)) {
        what = "The dataset " + folder + " has no complete version";
      } else if (folder.isFolder("")) {
        what = folder + " is not a dataset: it has no folder versions";
      }
      throw new InvalidRequestException(
          what + "; `convoy ingest --input IMAGES --output " + folder + "` writes one");
    }
    return versions;
  }

  public DatasetManifest manifest() {
    return manifest;
  }

  /** The dataset's folder, absolute. */
  public String location() {
    return folder.location();
  }

  /** The folder of this version. */
  public Storage versionFolder() throws IOException {
    return folder.folder(DatasetVersions.path(manifest.version()));
  }

  /** The committed versions when this one was opened, oldest first. */
  public List<String> versions() {
    return versions;
  }

  public ShardReader reader() throws IOException {
    return new ShardReader(versionFolder());
  }

  /** What this version holds, to be shown. */
  public DatasetSummary summary() {
    return DatasetSummary.of(this);
  }
}
