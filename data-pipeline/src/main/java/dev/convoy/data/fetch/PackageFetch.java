package dev.convoy.data.fetch;

import dev.convoy.data.BadDataException;
import dev.convoy.data.InvalidRequestException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings what a package holds into a local folder: download the package, check its digest, write
 * beside the target, rename. The target is either complete or not there; what a killed process
 * leaves is a hidden folder {@code .NAME-NUMBER} beside it, free to be deleted, and {@code
 * convoy-download-NUMBER} in the folder for temporary files.
 */
final class PackageFetch {
  private static final Logger LOG = LoggerFactory.getLogger(PackageFetch.class);

  private final PackageClient client;

  PackageFetch(PackageClient client) {
    this.client = client;
  }

  /** Writes what is wanted of a package. */
  @FunctionalInterface
  interface Content<T> {
    /**
     * Writes and checks it.
     *
     * @param tree an empty folder, which becomes the target
     */
    T write(PackageArchive archive, Path tree) throws IOException;
  }

  /** Downloads and writes. */
  <T> T fetch(PackageSource source, Path target, Content<T> content)
      throws IOException, InterruptedException {
    Path folder = requireFree(target);
    Path download = Files.createTempDirectory("convoy-download-");
    try {
      LOG.info("Downloading {} with {}", source, source.client().program());
      return write(source, folder, client.download(source, download), content);
    } finally {
      delete(download);
    }
  }

  /** Writes from a package that is already here. */
  <T> T fetch(PackageSource source, Path target, Path archive, Content<T> content)
      throws IOException {
    Path folder = requireFree(target);
    if (!Files.isRegularFile(archive)) {
      throw new InvalidRequestException(
          "there is no file %s; give the %s of the package %s"
              .formatted(archive, source.fileName(), source));
    }
    return write(source, folder, archive, content);
  }

  private static <T> T write(PackageSource source, Path target, Path archive, Content<T> content)
      throws IOException {
    requireDigest(source, archive);
    Path parent = target.getParent();
    Files.createDirectories(parent);
    Path partial =
        Files.createTempDirectory(parent, "." + target.getFileName() + "-").toAbsolutePath();
    // A temporary folder is its owner's alone; what it holds becomes an ordinary folder.
    Path tree = Files.createDirectory(partial.resolve("content"));
    try {
      T written = content.write(source.open(archive), tree);
      Files.move(tree, target, StandardCopyOption.ATOMIC_MOVE);
      LOG.info("Wrote {} to {}", source, target);
      return written;
    } finally {
      delete(partial);
    }
  }

  /** The target, absolute. */
  static Path requireFree(Path target) throws IOException {
    Path folder = target.toAbsolutePath().normalize();
    if (folder.getParent() == null) {
      throw new InvalidRequestException("the root of a file system is no place for a package");
    }
    if (Files.isDirectory(folder)) {
      try (Stream<Path> entries = Files.list(folder)) {
        if (entries.findAny().isPresent()) {
          throw new InvalidRequestException(
              "the folder " + target + " is not empty; name a new or an empty one");
        }
      }
    } else if (Files.exists(folder)) {
      throw new InvalidRequestException(target + " is a file; name a folder that is new or empty");
    }
    return folder;
  }

  private static void requireDigest(PackageSource source, Path archive) throws IOException {
    MessageDigest sha256;
    try {
      sha256 = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
    try (InputStream in = new DigestInputStream(Files.newInputStream(archive), sha256)) {
      in.transferTo(OutputStream.nullOutputStream());
    }
    String found = HexFormat.of().formatHex(sha256.digest());
    if (!found.equals(source.sha256())) {
      throw new BadDataException(
          "%s is not the package %s: its SHA-256 is %s instead of %s; nothing was written"
              .formatted(archive, source, found, source.sha256()));
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> tree = Files.walk(folder)) {
      for (Path path : tree.sorted((a, b) -> b.compareTo(a)).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (NoSuchFileException e) {
      LOG.debug("{} is gone already", folder);
    }
  }
}
