package dev.convoy.data.dataset;

import dev.convoy.data.storage.Sha256;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/**
 * The identity of a dataset's content: SHA-256 over all examples in the order of their ids' UTF-8
 * bytes. Each example adds the length of its id in UTF-8 (int32, big-endian), the id, the length of
 * its class name, the class name, and the 32 bytes of its image's SHA-256. Neither the splits nor
 * the shards are part of it.
 */
public final class Fingerprint {
  private final MessageDigest digest = Sha256.digest();
  private String last = "";
  private boolean finished;

  /**
   * Adds the next example.
   *
   * @throws IllegalArgumentException if the id does not come after the one before
   */
  public void add(String id, String className, byte[] imageSha256) {
    if (Utf8Order.COMPARATOR.compare(last, id) >= 0) {
      throw new IllegalArgumentException(
          "'" + id + "' comes after '" + last + "'; ids must ascend, and none may be empty");
    }
    if (imageSha256.length != 32) {
      throw new IllegalArgumentException(
          "The SHA-256 of " + id + " has " + imageSha256.length + " bytes, not 32");
    }
    addText(id);
    addText(className);
    digest.update(imageSha256);
    last = id;
  }

  private void addText(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
    digest.update(bytes);
  }

  /** 64 lower-case hexadecimal digits; to be called once, at the end. */
  public String hex() {
    if (finished) {
      throw new IllegalStateException("A fingerprint is finished once");
    }
    finished = true;
    return Sha256.hex(digest.digest());
  }
}
