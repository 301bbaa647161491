package dev.convoy.models.safetensors;

import dev.convoy.models.InvalidModelException;
import dev.convoy.models.state.NamedTensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Tensors in a safetensors file, float32 once they are read (huggingface.co/docs/safetensors): the
 * header's length as 8 bytes little-endian, the header as JSON, then the tensors' bytes,
 * little-endian in C order, without gap or overlap.
 *
 * <p>Equal tensors and metadata give equal bytes: names are sorted, tensors lie in the order of
 * their names, and the header is padded with spaces to a multiple of 8. Any float32 is accepted,
 * NaN too: whether the numbers make sense is not the format's business. Tensors of float16 and
 * bfloat16 become float32 exactly; PyTorch's counters {@code num_batches_tracked}, with which
 * nothing here computes, are passed over; other types are refused.
 *
 * @param tensors by name
 * @param metadata the header's {@code __metadata__}
 */
public record SafetensorsFile(
    SortedMap<String, NamedTensor> tensors, SortedMap<String, String> metadata) {

  public SafetensorsFile {
    tensors = Collections.unmodifiableSortedMap(tensors);
    metadata = Collections.unmodifiableSortedMap(metadata);
  }

  /**
   * The file's bytes.
   *
   * @throws InvalidModelException if a name is {@code __metadata__} or the file would pass 2 GiB
   */
  public static byte[] write(SortedMap<String, NamedTensor> tensors, Map<String, String> metadata) {
    SortedMap<String, int[]> shapes = new TreeMap<>();
    tensors.forEach((name, tensor) -> shapes.put(name, tensor.shape()));
    byte[] header = header(shapes, metadata);
    long length = header.length;
    for (NamedTensor tensor : tensors.values()) {
      length += (long) tensor.values().length * Float.BYTES;
    }
    if (length > Integer.MAX_VALUE - 8) {
      throw new InvalidModelException(
          "the tensors take " + length + " bytes; one file in memory can have at most 2 GiB");
    }
    ByteBuffer file = ByteBuffer.allocate((int) length).order(ByteOrder.LITTLE_ENDIAN);
    file.put(header);
    for (NamedTensor tensor : tensors.values()) {
      file.asFloatBuffer().put(tensor.values());
      file.position(file.position() + tensor.values().length * Float.BYTES);
    }
    return file.array();
  }

  /**
   * What comes before the tensors' bytes, its own length included; for who writes these, in the
   * order of their names, from where they lie.
   *
   * @param shapes of float32 tensors, by name
   * @throws InvalidModelException if a name is {@code __metadata__}
   */
  public static byte[] header(SortedMap<String, int[]> shapes, Map<String, String> metadata) {
    byte[] json = SafetensorsHeader.encode(shapes, new TreeMap<>(metadata));
    return ByteBuffer.allocate(Long.BYTES + json.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(json.length)
        .put(json)
        .array();
  }

  /** Whether a file looks like one, by the length of its header and that one's first brace. */
  public static boolean isOne(byte[] content) {
    return SafetensorsHeader.beginsWithOne(content);
  }

  /**
   * Reads a file, strictly.
   *
   * @throws InvalidModelException saying what is wrong: truncation, a header that is too long or no
   *     JSON or names a tensor twice, a type that is not read, or offsets that leave a gap, overlap
   *     or do not fit shape and file
   */
  public static SafetensorsFile read(byte[] content) {
    SafetensorsHeader header = SafetensorsHeader.decode(content);
    SortedMap<String, NamedTensor> tensors = new TreeMap<>();
    for (SafetensorsHeader.Entry entry : header.entries()) {
      if (entry.type() != SafetensorsType.COUNTER) {
        ByteBuffer bytes =
            ByteBuffer.wrap(content, header.dataBegin() + entry.begin(), (int) entry.bytes())
                .order(ByteOrder.LITTLE_ENDIAN);
        tensors.put(
            entry.name(),
            new NamedTensor(entry.shape(), entry.type().values(bytes, entry.elements())));
      }
    }
    return new SafetensorsFile(tensors, header.metadata());
  }
}
