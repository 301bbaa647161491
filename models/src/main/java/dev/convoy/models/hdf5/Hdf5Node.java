package dev.convoy.models.hdf5;

import dev.convoy.models.InvalidModelException;
import dev.convoy.models.state.NamedTensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** A group or a dataset. Wherever something is asked of it that it does not have, it says so. */
public final class Hdf5Node {

  private static final int CONTIGUOUS = 1;
  private static final int COMPACT = 0;

  private final Hdf5File file;
  private final String path;
  private final Hdf5Header header;
  private final SortedMap<String, Hdf5Attribute> attributes = new TreeMap<>();
  private final SortedMap<String, Long> children;

  Hdf5Node(Hdf5File file, String path, long address) {
    this.file = file;
    this.path = path;
    this.header = new Hdf5Header(file.bytes(), address);
    for (ByteBuffer message : header.messages(Hdf5Header.ATTRIBUTE)) {
      Hdf5Attribute attribute = Hdf5Attribute.read(file.bytes(), message);
      if (attributes.put(attribute.name(), attribute) != null) {
        throw Hdf5Bytes.damaged(path + " has two attributes named " + attribute.name());
      }
    }
    if (header.has(Hdf5Header.LINK_INFO)) {
      throw Hdf5Bytes.unsupported("groups of the newer kind");
    }
    this.children =
        header
            .message(Hdf5Header.SYMBOL_TABLE)
            .map(message -> Hdf5Links.read(file.bytes(), message))
            .orElseGet(TreeMap::new);
  }

  /** The names of a group's members; none of a dataset. */
  public SortedSet<String> children() {
    return new TreeSet<>(children.keySet());
  }

  /** The names of its attributes. */
  public SortedSet<String> attributes() {
    return new TreeSet<>(attributes.keySet());
  }

  /**
   * An attribute's text values, or nothing where there is no such attribute.
   *
   * @throws InvalidModelException if it is not text
   */
  public Optional<List<String>> texts(String attribute) {
    return Optional.ofNullable(attributes.get(attribute))
        .map(found -> found.texts(file.bytes(), file.heap()));
  }

  /**
   * What lies below this group.
   *
   * @param relative names with {@code /} between them
   * @throws InvalidModelException if there is nothing
   */
  public Hdf5Node at(String relative) {
    Hdf5Node node = this;
    for (String name : relative.split("/", -1)) {
      Long address = node.children.get(name);
      if (address == null) {
        throw new InvalidModelException(
            "the HDF5 file has nothing at " + child(node.path, name) + ", which it refers to");
      }
      if (address == Hdf5Links.LINK) {
        throw Hdf5Bytes.unsupported("links that are paths, at " + child(node.path, name));
      }
      node = file.node(child(node.path, name), address);
    }
    return node;
  }

  private static String child(String path, String name) {
    return path.equals("/") ? "/" + name : path + "/" + name;
  }

  /**
   * A dataset's content.
   *
   * @throws InvalidModelException if this is a group, or a dataset that is compressed, in chunks or
   *     not float32
   */
  public NamedTensor tensor() {
    Hdf5Space space = Hdf5Space.read(required(Hdf5Header.SPACE));
    Hdf5Type type = Hdf5Type.read(required(Hdf5Header.TYPE));
    if (type.kind() != Hdf5Type.Kind.FLOAT32) {
      throw new InvalidModelException(
          "dataset " + path + " is " + type.name() + "; only float32 is read");
    }
    if (space.elements() > file.bytes().length() / Float.BYTES) {
      throw Hdf5Bytes.damaged(
          "dataset " + path + " should have " + space.elements() + " values, more than fit");
    }
    ByteBuffer data = data(required(Hdf5Header.LAYOUT), space.elements() * Float.BYTES);
    float[] values = new float[(int) space.elements()];
    data.order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
    return new NamedTensor(space.shape(), values);
  }

  private ByteBuffer data(ByteBuffer layout, long length) {
    int version = layout.get();
    int kind = layout.get();
    if (version != 3 || (kind != CONTIGUOUS && kind != COMPACT)) {
      throw Hdf5Bytes.unsupported(
          version == 3 ? "a dataset in chunks, at " + path : "layouts of version " + version);
    }
    if (kind == COMPACT) {
      int stored = layout.getShort() & 0xffff;
      if (stored < length || layout.remaining() < length) {
        throw Hdf5Bytes.damaged("dataset " + path + " is cut off");
      }
      return layout.slice(layout.position(), (int) length);
    }
    long address = layout.getLong();
    if (address == Hdf5Bytes.UNDEFINED && length > 0) {
      throw Hdf5Bytes.damaged("dataset " + path + " has never been written");
    }
    if (layout.getLong() != length) {
      throw Hdf5Bytes.damaged("dataset " + path + " has another length than its shape");
    }
    return length == 0 ? layout.slice(0, 0) : file.data(address, length, "dataset " + path);
  }

  private ByteBuffer required(int type) {
    return header
        .message(type)
        .orElseThrow(() -> new InvalidModelException(path + " in the HDF5 file is no dataset"));
  }
}
