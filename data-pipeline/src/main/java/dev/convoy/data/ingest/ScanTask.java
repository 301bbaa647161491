package dev.convoy.data.ingest;

import dev.convoy.data.image.ImageDecoder;
import dev.convoy.data.image.PixelImage;
import dev.convoy.data.image.UnreadableImageException;
import dev.convoy.data.storage.Sha256;
import dev.convoy.data.storage.Storage;
import dev.convoy.data.storage.UnreadableFile;
import java.io.IOException;
import java.util.ArrayList;
import org.apache.spark.api.java.function.Function;

/**
 * The first pass, on the executors: a packed list of ids becomes a packed {@link ScanResult}. Every
 * file is decoded as training will decode it, so that what passes here can be trained on. Other
 * failures of the file system than those of a single file fail the task, which Spark repeats; so
 * does an image for which the memory does not suffice, which is thereby named.
 */
final class ScanTask implements Function<byte[], byte[]> {
  private final Storage root;

  ScanTask(Storage root) {
    this.root = root;
  }

  @Override
  public byte[] call(byte[] packedIds) throws IOException {
    ScanResult result = ScanResult.empty();
    for (Object id : Parcel.unpack(packedIds, ArrayList.class)) {
      scan((String) id, result);
    }
    return Parcel.pack(result);
  }

  private void scan(String id, ScanResult result) throws IOException {
    try {
      byte[] content = read(id);
      PixelImage image = decode(id, content);
      result
          .images()
          .add(
              new ScannedImage(
                  id,
                  content.length,
                  Sha256.of(content),
                  image.width(),
                  image.height(),
                  image.channels()));
    } catch (UnreadableImageException e) {
      result.rejects().add(new Reject(id, e.getMessage()));
    } catch (IOException e) {
      result.rejects().add(new Reject(id, UnreadableFile.reason(e).orElseThrow(() -> e)));
    }
  }

  private byte[] read(String id) throws IOException {
    try {
      return root.read(id);
    } catch (OutOfMemoryError e) {
      throw tooLarge(root.location(id), e);
    }
  }

  private PixelImage decode(String id, byte[] content) throws UnreadableImageException {
    try {
      return ImageDecoder.decode(content);
    } catch (OutOfMemoryError e) {
      throw tooLarge(root.location(id) + " of " + content.length + " bytes", e);
    }
  }

  /**
   * Without the Error as its cause: Spark ends the executor of a task that fails with one, also as
   * a cause, and with it other tasks and perhaps this report.
   */
  private static IllegalStateException tooLarge(String image, OutOfMemoryError e) {
    IllegalStateException named =
        new IllegalStateException(
            "The memory does not suffice for the image "
                + image
                + " ("
                + e.getMessage()
                + "; the heap is "
                + (Runtime.getRuntime().maxMemory() >> 20)
                + " MB); give executors more memory (spark.executor.memory; CONVOY_HEAP for a local"
                + " master) or fewer cores, or make the image smaller");
    named.setStackTrace(e.getStackTrace());
    return named;
  }
}
