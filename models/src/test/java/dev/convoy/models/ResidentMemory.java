package dev.convoy.models;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What of this process is in memory, in the heap and outside of it. */
public final class ResidentMemory {
  private static final long PAGE = 4096;

  private ResidentMemory() {}

  /** After a collection of garbage, with which ND4J's arrays go. */
  public static long bytes() throws IOException {
    System.gc();
    List<String> pages = List.of(Files.readString(Path.of("/proc/self/statm")).split(" ", -1));
    return PAGE * Long.parseLong(pages.get(1));
  }
}
