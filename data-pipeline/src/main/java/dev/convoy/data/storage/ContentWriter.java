package dev.convoy.data.storage;

import java.io.IOException;
import java.io.OutputStream;

/** Produces the content of one file. */
@FunctionalInterface
public interface ContentWriter {
  /** Writes everything to {@code out}, which the caller closes. */
  void writeTo(OutputStream out) throws IOException;
}
