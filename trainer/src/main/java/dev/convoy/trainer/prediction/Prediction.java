package dev.convoy.trainer.prediction;

import java.io.Serializable;
import java.util.List;

/**
 * One image's line in the table.
 *
 * @param path relative to the input folder
 * @param classes the most probable ones, best first; empty if the image could not be named
 * @param probabilities beside them
 * @param error why the image could not be named; empty if it could
 */
record Prediction(String path, List<String> classes, List<Double> probabilities, String error)
    implements Serializable {

  static Prediction failed(String path, String error) {
    return new Prediction(path, List.of(), List.of(), error);
  }

  boolean isFailed() {
    return !error.isEmpty();
  }
}
