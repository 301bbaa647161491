package dev.convoy.data.fetch;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * One pinned archive of a package registry.
 *
 * @param client the program that downloads it
 * @param coordinates what that client calls it: {@code group:artifact:version} or {@code
 *     name@version}
 * @param fileName what the client names the downloaded file
 * @param sha256 of the archive, 64 lower-case hexadecimal digits
 */
public record PackageSource(Client client, String coordinates, String fileName, String sha256) {

  /** The programs that download packages. */
  public enum Client {
    MAVEN("mvn", "install Apache Maven 3.6.3 or newer (Debian: maven)"),
    NPM("npm", "install Node.js with npm (Debian: npm)");

    private final String program;
    private final String remedy;

    Client(String program, String remedy) {
      this.program = program;
      this.remedy = remedy;
    }

    public String program() {
      return program;
    }

    /** How to get it. */
    String remedy() {
      return remedy;
    }
  }

  public PackageSource {
    if (!sha256.matches("[0-9a-f]{64}")) {
      throw new IllegalArgumentException(
          "a SHA-256 is 64 lower-case hexadecimal digits, not \"" + sha256 + "\"");
    }
  }

  static PackageSource maven(String coordinates, String sha256) {
    String[] parts = coordinates.split(":", -1);
    return new PackageSource(Client.MAVEN, coordinates, parts[1] + "-" + parts[2] + ".jar", sha256);
  }

  static PackageSource npm(String coordinates, String sha256) {
    return new PackageSource(
        Client.NPM, coordinates, coordinates.replace('@', '-') + ".tgz", sha256);
  }

  /** The command that puts the archive, and nothing else of use, into a folder. */
  List<String> download(Path folder) {
    return switch (client) {
      case MAVEN ->
          List.of(
              client.program(),
              "-q",
              "-B",
              "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy",
              "-Dartifact=" + coordinates + ":jar",
              "-DoutputDirectory=" + folder);
      case NPM -> List.of(client.program(), "pack", "--silent", coordinates);
    };
  }

  PackageArchive open(Path archive) {
    return switch (client) {
      case MAVEN -> new ZipPackage(archive);
      case NPM -> new TarGzPackage(archive);
    };
  }

  @Override
  public String toString() {
    return client.name().toLowerCase(Locale.ROOT) + " " + coordinates;
  }
}
