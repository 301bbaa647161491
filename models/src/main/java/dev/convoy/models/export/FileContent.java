package dev.convoy.models.export;

import java.io.IOException;
import java.io.OutputStream;
import java.util.SortedMap;

/** A file that knows its length before it is written, so that it is held in memory only once. */
interface FileContent {

  /** Bytes of the file. */
  long length();

  /** Writes exactly {@link #length} bytes. */
  void writeTo(OutputStream out) throws IOException;

  /** What else there is to say about it. */
  SortedMap<String, Object> details();
}
