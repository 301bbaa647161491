package dev.convoy.data.dataset;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import dev.convoy.data.BadDataException;
import dev.convoy.data.storage.Sha256;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.TreeMap;

/**
 * The manifest as JSON with snake_case keys. Its member {@code manifest_sha256} is the SHA-256 of
 * the canonical form of all the others: UTF-8, no blanks, the keys of the manifest, and of objects
 * that are values of keys, sorted by their UTF-8 bytes. Arrays are taken as they stand: the objects
 * in them (the shards) keep their keys in the order in which they stand in the file.
 */
public final class ManifestJson {
  private static final String CHECKSUM = "manifest_sha256";
  private static final String FORMAT = "format_version";
  private static final ObjectMapper MAPPER = mapper();

  private ManifestJson() {}

  /** The content of {@code manifest.json}. */
  public static byte[] write(DatasetManifest manifest) {
    ObjectNode json = MAPPER.valueToTree(manifest);
    json.put(CHECKSUM, checksum(json));
    try {
      return (MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(json) + "\n")
          .getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The inverse of {@link #write}.
   *
   * @param place where the bytes come from, for the message
   * @throws BadDataException if they are no manifest, are damaged, or of a newer format
   */
  public static DatasetManifest read(byte[] content, String place) {
    try {
      if (!(MAPPER.readTree(content) instanceof ObjectNode json)) {
        throw damaged(place, "it is no JSON object", null);
      }
      int format = json.path(FORMAT).asInt(0);
      if (format > DatasetManifest.FORMAT_VERSION) {
        throw new BadDataException(
            place
                + " has format version "
                + format
                + ", this Convoy reads up to "
                + DatasetManifest.FORMAT_VERSION
                + "; use a newer Convoy");
      }
      String stated = json.path(CHECKSUM).asText("");
      json.remove(CHECKSUM);
      String found = checksum(json);
      if (!stated.equals(found)) {
        throw damaged(place, "its checksum is " + found + ", it states '" + stated + "'", null);
      }
      return MAPPER.treeToValue(json, DatasetManifest.class);
    } catch (IOException | IllegalArgumentException e) {
      throw damaged(place, e.getMessage(), e);
    }
  }

  private static BadDataException damaged(String place, String reason, Exception cause) {
    return new BadDataException(
        place
            + " is damaged: "
            + reason
            + "; restore the file, or ingest the images again for a new version",
        cause);
  }

  private static String checksum(ObjectNode json) {
    try {
      return Sha256.hex(Sha256.of(MAPPER.writeValueAsBytes(canonical(json))));
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static JsonNode canonical(JsonNode node) {
    if (!node.isObject()) {
      return node;
    }
    TreeMap<String, JsonNode> members = new TreeMap<>(Utf8Order.COMPARATOR);
    node.fields().forEachRemaining(field -> members.put(field.getKey(), field.getValue()));
    ObjectNode sorted = MAPPER.createObjectNode();
    members.forEach((key, value) -> sorted.set(key, canonical(value)));
    return sorted;
  }

  private static ObjectMapper mapper() {
    SimpleModule instants = new SimpleModule();
    instants.addSerializer(new InstantSerializer());
    instants.addDeserializer(Instant.class, new InstantDeserializer());
    return JsonMapper.builder()
        .addModule(instants)
        .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
        .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
        .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
        .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
        .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
        .build();
  }

  private static final class InstantSerializer extends StdSerializer<Instant> {
    InstantSerializer() {
      super(Instant.class);
    }

    @Override
    public void serialize(Instant value, JsonGenerator out, SerializerProvider provider)
        throws IOException {
      out.writeString(value.toString());
    }
  }

  private static final class InstantDeserializer extends StdDeserializer<Instant> {
    InstantDeserializer() {
      super(Instant.class);
    }

    @Override
    public Instant deserialize(JsonParser in, DeserializationContext context) throws IOException {
      try {
        return Instant.parse(in.getText());
      } catch (DateTimeException e) {
        throw new IOException("'" + in.getText() + "' is no point in time", e);
      }
    }
  }
}
