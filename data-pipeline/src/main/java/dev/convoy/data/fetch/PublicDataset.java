package dev.convoy.data.fetch;

import java.io.IOException;
import java.util.SortedMap;

/**
 * A public dataset that an ordinary package client delivers: where it is, and how its package turns
 * into a tree of PNG files by class. One of these is one name of {@code datasets get}.
 */
public interface PublicDataset {
  /** The name it is asked for by, lower-case. */
  String name();

  /** One line for a list: what it shows, how many, licence. */
  String description();

  /** The package that holds it. */
  PackageSource source();

  /** Every folder that is written, relative and with {@code /}, and how many images it gets. */
  SortedMap<String, Integer> images();

  /**
   * Writes every image of the package.
   *
   * @throws dev.convoy.data.BadDataException if the package does not hold what it should
   */
  void unpack(PackageArchive archive, ImageTree tree) throws IOException;
}
