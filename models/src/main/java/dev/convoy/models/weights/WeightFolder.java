package dev.convoy.models.weights;

import java.io.IOException;

/**
 * The folder that a weight file lies in, for files that name others beside them. What is read from
 * it lies in it: a name that leads out is refused.
 */
@FunctionalInterface
public interface WeightFolder {

  /**
   * The content of a file.
   *
   * @param name that {@link FileNames} found to be one within a folder
   * @throws dev.convoy.models.InvalidModelException if there is no such file in the folder, or it
   *     is a link out of it
   * @throws IOException if it cannot be read
   */
  byte[] read(String name) throws IOException;
}
