package dev.convoy.data.ingest;

import java.io.Serializable;

/** Finds out whether a file is an image that can be trained on. Travels to executors. */
@FunctionalInterface
public interface ImageProbe extends Serializable {
  /**
   * Decodes the image as a whole.
   *
   * @throws RejectedImageException if it cannot be decoded; the message is the reason
   */
  ProbedImage probe(byte[] encoded) throws RejectedImageException;
}
