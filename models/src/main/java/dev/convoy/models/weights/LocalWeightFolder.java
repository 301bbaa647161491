package dev.convoy.models.weights;

import dev.convoy.models.InvalidModelException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/**
 * A folder on a local disk. Symbolic links within it are followed, links out of it refused.
 *
 * @param folder that the weight file lies in
 */
public record LocalWeightFolder(Path folder) implements WeightFolder {

  @Override
  public byte[] read(String name) throws IOException {
    Path file = resolved(name);
    if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new InvalidModelException("there is no file " + name + " in " + folder);
    }
    Path real = file.toRealPath();
    if (!real.startsWith(folder.toRealPath())) {
      throw new InvalidModelException(
          name + " is a link out of " + folder + "; only files in that folder are read");
    }
    if (!Files.isRegularFile(real)) {
      throw new InvalidModelException(name + " in " + folder + " is not a file");
    }
    return Files.readAllBytes(real);
  }

  private Path resolved(String name) {
    try {
      return folder.resolve(name);
    } catch (InvalidPathException e) {
      throw new InvalidModelException("\"" + name + "\" cannot be the name of a file", e);
    }
  }
}
