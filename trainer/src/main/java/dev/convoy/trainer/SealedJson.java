package dev.convoy.trainer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.convoy.data.storage.Sha256;
import java.io.IOException;

/**
 * A record as a JSON object that holds the SHA-256 of all its other fields, written compactly in
 * their order: a byte changed in the store is noticed, and not taken for what was written.
 */
public final class SealedJson {

  private static final String SEAL = "sha256";

  private SealedJson() {}

  /** A record and its digest, readable for people. */
  public static byte[] write(Record record) {
    try {
      ObjectNode tree = (ObjectNode) Json.MAPPER.readTree(Json.MAPPER.writeValueAsBytes(record));
      tree.put(SEAL, digest(tree));
      return Json.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(tree);
    } catch (IOException e) {
      throw new IllegalStateException("a record could not be written as JSON", e);
    }
  }

  /**
   * The object's tree, to see its format before {@link #open} reads the rest.
   *
   * @throws IOException if it is no JSON object
   */
  public static ObjectNode tree(byte[] json) throws IOException {
    if (Json.STRICT.readTree(json) instanceof ObjectNode tree) {
      return tree;
    }
    throw new IOException("it is no JSON object");
  }

  /**
   * The record.
   *
   * @throws IOException if the content is not what was written, or not all of such a record
   */
  public static <T extends Record> T open(ObjectNode tree, Class<T> type) throws IOException {
    ObjectNode rest = tree.deepCopy();
    JsonNode seal = rest.remove(SEAL);
    String found = digest(rest);
    if (seal == null || !seal.asText().equals(found)) {
      throw new IOException(
          "its content has the digest %s, but it says %s"
              .formatted(found, seal == null ? "none" : seal));
    }
    return Json.STRICT.treeToValue(rest, type);
  }

  private static String digest(ObjectNode tree) throws JsonProcessingException {
    return Sha256.hex(Sha256.of(Json.MAPPER.writeValueAsBytes(tree)));
  }
}
