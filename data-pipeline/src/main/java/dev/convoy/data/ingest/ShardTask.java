package dev.convoy.data.ingest;

import dev.convoy.data.dataset.Example;
import dev.convoy.data.dataset.ShardEntry;
import dev.convoy.data.dataset.ShardRow;
import dev.convoy.data.dataset.ShardWriter;
import dev.convoy.data.storage.Sha256;
import dev.convoy.data.storage.Storage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.NoSuchFileException;
import java.security.DigestOutputStream;
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

  ShardTask(Storage root, Storage versionFolder, TreeLayout layout, List<String> classes) {
    this.root = root;
    this.versionFolder = versionFolder;
    this.layout = layout;
    classes.forEach(name -> labels.put(name, labels.size()));
  }

  @Override
  public byte[] call(byte[] packedShard) throws IOException {
    PlannedShard shard = Parcel.unpack(packedShard, PlannedShard.class);
    try {
      return Parcel.pack(new ShardOutcome.Written(write(shard)));
    } catch (IOException e) {
      if (change(e) instanceof ChangedException changed) {
        return Parcel.pack(new ShardOutcome.SourceChanged(changed.id));
      }
      throw e;
    }
  }

  private ShardEntry write(PlannedShard shard) throws IOException {
    Measured[] written = new Measured[1];
    versionFolder.write(
        shard.file(),
        out -> {
          MeasuringStream measuring = new MeasuringStream(out);
          try (ShardWriter writer = new ShardWriter(measuring)) {
            for (ScannedImage image : shard.images()) {
              writer.add(row(image));
            }
          }
          written[0] = measuring.measured();
        });
    return new ShardEntry(
        shard.split(),
        shard.file(),
        shard.images().size(),
        written[0].bytes(),
        written[0].sha256());
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

  // The storage wraps what goes wrong while it writes.
  private static Throwable change(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null && !(cause instanceof ChangedException)) {
      cause = cause.getCause();
    }
    return cause;
  }

  private static final class ChangedException extends IOException {
    private final String id;

    ChangedException(String id) {
      super(id + " has changed");
      this.id = id;
    }
  }

  private record Measured(long bytes, String sha256) {}

  private static final class MeasuringStream extends OutputStream {
    private final DigestOutputStream out;
    private long bytes;

    MeasuringStream(OutputStream out) {
      this.out = new DigestOutputStream(out, Sha256.digest());
    }

    @Override
    public void write(int b) throws IOException {
      out.write(b);
      bytes++;
    }

    @Override
    public void write(byte[] content, int offset, int length) throws IOException {
      out.write(content, offset, length);
      bytes += length;
    }

    Measured measured() {
      return new Measured(bytes, Sha256.hex(out.getMessageDigest().digest()));
    }
  }
}
