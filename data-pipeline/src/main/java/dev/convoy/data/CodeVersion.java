package dev.convoy.data;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/**
 * Which Convoy this is, as manifests and run records name it.
 *
 * @param version of the build, such as {@code 0.1.0-SNAPSHOT}
 * @param commit abbreviated, with {@code -dirty} if it was built from changed files; {@code
 *     unknown} if it was built outside a Git repository
 */
public record CodeVersion(String version, String commit) {
  private static final String RESOURCE = "code-version.properties";

  /** Of the code that runs. */
  public static CodeVersion current() {
    Properties build = new Properties();
    try (InputStream in = CodeVersion.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException(RESOURCE + " is missing from Convoy's jar");
      }
      build.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(RESOURCE + " of Convoy's jar cannot be read", e);
    }
    return of(build);
  }

  static CodeVersion of(Properties build) {
    String commit = build.getProperty("commit");
    // Without Git the build leaves the placeholder as it is.
    if (commit.startsWith("$")) {
      return new CodeVersion(build.getProperty("version"), "unknown");
    }
    boolean dirty = Boolean.parseBoolean(build.getProperty("dirty"));
    return new CodeVersion(build.getProperty("version"), dirty ? commit + "-dirty" : commit);
  }

  /** {@code VERSION (COMMIT)}. */
  @Override
  public String toString() {
    return version + " (" + commit + ")";
  }
}
