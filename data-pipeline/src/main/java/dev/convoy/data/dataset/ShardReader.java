package dev.convoy.data.dataset;

import dev.convoy.data.BadDataException;
import dev.convoy.data.storage.Sha256;
import dev.convoy.data.storage.Storage;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.NoSuchFileException;
import java.util.List;

/**
 * Reads the shards of one version. A shard is read whole into memory, checked against the
 * manifest's SHA-256, and only then parsed: about twice its length is held while it is read. Can
 * travel to executors.
 */
public final class ShardReader implements ShardLoader, Serializable {
  private final Storage versionFolder;

  public ShardReader(Storage versionFolder) {
    this.versionFolder = versionFolder;
  }

  /**
   * All examples of a shard, in its order.
   *
   * @throws BadDataException if the file is missing, differs from the manifest or is no shard
   * @throws IOException if the file system fails
   */
  public List<Example> read(ShardEntry shard) throws IOException {
    byte[] content = content(shard);
    String found = Sha256.hex(Sha256.of(content));
    if (!found.equals(shard.sha256())) {
      throw bad(
          shard,
          "is damaged: SHA-256 expected "
              + shard.sha256()
              + ", found "
              + found
              + " ("
              + content.length
              + " of "
              + shard.bytes()
              + " bytes)",
          "move it away and ",
          null);
    }
    List<Example> examples;
    try {
      examples = ShardParser.parse(content);
    } catch (IOException | RuntimeException e) {
      throw unknown(shard, "is not a shard that this Convoy reads: " + e.getMessage(), e);
    }
    if (examples.size() != shard.examples()) {
      throw unknown(
          shard,
          "holds " + examples.size() + " examples, the manifest says " + shard.examples(),
          null);
    }
    return examples;
  }

  @Override
  public List<Example> load(ShardEntry shard) throws IOException {
    return read(shard);
  }

  private byte[] content(ShardEntry shard) throws IOException {
    try {
      return versionFolder.read(shard.file());
    } catch (NoSuchFileException e) {
      throw bad(shard, "is missing", "", e);
    }
  }

  private BadDataException bad(ShardEntry shard, String what, String before, Exception cause) {
    return new BadDataException(
        "Shard "
            + versionFolder.location(shard.file())
            + " "
            + what
            + "; restore the file from a copy; or, if this is the dataset's newest version and its"
            + " images are unchanged, "
            + before
            + "ingest the images again, which writes it as it was",
        cause);
  }

  private BadDataException unknown(ShardEntry shard, String what, Exception cause) {
    return new BadDataException(
        "Shard "
            + versionFolder.location(shard.file())
            + " "
            + what
            + "; ingest the images into a new dataset with this Convoy",
        cause);
  }
}
