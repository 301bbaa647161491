package dev.convoy.data.ingest;

import dev.convoy.data.dataset.Example;
import dev.convoy.data.dataset.ShardEntry;
import dev.convoy.data.dataset.ShardRow;
import dev.convoy.data.dataset.ShardWriter;
import dev.convoy.data.storage.Sha256;
import dev.convoy.data.storage.Storage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.function.Function;

/**
 * The second pass, on the executors: a packed {@link PlannedShard} becomes a file and a packed
 * {@link ShardOutcome}. Two attempts at the same shard write the same bytes, each under a name of
 * its own until it is complete, so that neither can harm the other.
 */
final class ShardTask implements Function<byte[], byte[]> {
  private final Storage root;
  private final Storage versionFolder;
  private final TreeLayout layout;
  private final Map<String, Integer> labels = new HashMap<>();
  private final HashMap<String, ShardEntry> expected;

  /**
   * Writes shards of {@code root} into {@code versionFolder}.
   *
   * @param expected by their file names, the shards that must come out just so
   */
  ShardTask(
      Storage root,
      Storage versionFolder,
      TreeLayout layout,
      List<String> classes,
      Map<String, ShardEntry> expected) {
    this.root = root;
    this.versionFolder = versionFolder;
    this.layout = layout;
    this.expected = new HashMap<>(expected);
    classes.forEach(name -> labels.put(name, labels.size()));
  }

  @Override
  public byte[] call(byte[] packedShard) throws IOException {
    PlannedShard shard = Parcel.unpack(packedShard, PlannedShard.class);
    try {
      return Parcel.pack(write(shard));
    } catch (ChangedException e) {
      return Parcel.pack(new ShardOutcome.SourceChanged(e.id));
    }
  }

  private ShardOutcome write(PlannedShard shard) throws IOException {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    try (ShardWriter writer = new ShardWriter(file)) {
      for (ScannedImage image : shard.images()) {
        writer.add(row(image));
      }
    }
    byte[] content = file.toByteArray();
    ShardEntry entry =
        new ShardEntry(
            shard.split(),
            shard.file(),
            shard.images().size(),
            content.length,
            Sha256.hex(Sha256.of(content)));
    if (!entry.equals(expected.getOrDefault(shard.file(), entry))) {
      return new ShardOutcome.Different(shard.file());
    }
    versionFolder.write(shard.file(), content);
    return new ShardOutcome.Written(entry);
  }

  private ShardRow row(ScannedImage image) throws IOException {
    byte[] content;
    try {
      content = root.read(image.id());
    } catch (NoSuchFileException e) {
      throw new ChangedException(image.id());
    }
    if (!Arrays.equals(Sha256.of(content), image.sha256())) {
      throw new ChangedException(image.id());
    }
    String className = layout.className(image.id());
    return new ShardRow(
        new Example(image.id(), labels.get(className), content),
        className,
        Sha256.hex(image.sha256()),
        image.width(),
        image.height(),
        image.channels());
  }

  private static final class ChangedException extends IOException {
    private final String id;

    ChangedException(String id) {
      super(id + " has changed");
      this.id = id;
    }
  }
}
