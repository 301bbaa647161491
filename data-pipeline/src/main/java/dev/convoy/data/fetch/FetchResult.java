package dev.convoy.data.fetch;

import java.nio.file.Path;
import java.util.SortedMap;

/**
 * What was written.
 *
 * @param dataset its name
 * @param folder where it is now
 * @param images images by folder, relative to {@code folder}
 */
public record FetchResult(String dataset, Path folder, SortedMap<String, Integer> images) {
  /** Images in all. */
  public int count() {
    return images.values().stream().mapToInt(Integer::intValue).sum();
  }
}
