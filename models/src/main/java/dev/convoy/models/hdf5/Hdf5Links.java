package dev.convoy.models.hdf5;

import java.nio.ByteBuffer;
import java.util.SortedMap;
import java.util.TreeMap;

/** The members of a group: a B-tree of symbol table nodes (format specification III.A to III.D). */
final class Hdf5Links {

  private static final int HEAP_HEADER = 32;
  private static final int TREE_HEADER = 24;
  private static final int NODE_HEADER = 8;
  private static final int ENTRY = 40;
  private static final int SOFT_LINK = 2;

  /** The value that {@link #read} gives for a link that is a path instead of an address. */
  static final long LINK = Hdf5Bytes.UNDEFINED;

  private final Hdf5Bytes file;
  private final ByteBuffer names;
  private final SortedMap<String, Long> addresses = new TreeMap<>();

  private Hdf5Links(Hdf5Bytes file, long heapAddress) {
    this.file = file;
    ByteBuffer heap = file.structure(heapAddress, HEAP_HEADER, "a group's names");
    Hdf5Bytes.signature(heap, "HEAP", "the heap of a group's names");
    heap.getInt(); // version
    long size = heap.getLong();
    heap.getLong(); // free list
    this.names = file.structure(heap.getLong(), size, "the names in a group");
  }

  /** Addresses of the members' headers, by name. */
  static SortedMap<String, Long> read(Hdf5Bytes file, ByteBuffer symbolTable) {
    if (symbolTable.remaining() < 2 * Long.BYTES) {
      throw Hdf5Bytes.damaged("a group's symbol table is cut off");
    }
    long tree = symbolTable.getLong();
    Hdf5Links links = new Hdf5Links(file, symbolTable.getLong());
    links.readTree(tree, -1);
    return links.addresses;
  }

  /**
   * @param expectedLevel above the leaves, or -1 at the root; it falls by one with each step down,
   *     so that a tree cannot hang from itself
   */
  private void readTree(long address, int expectedLevel) {
    ByteBuffer header = file.structure(address, TREE_HEADER, "a group's tree");
    Hdf5Bytes.signature(header, "TREE", "a group's tree");
    int type = header.get();
    int level = header.get() & 0xff;
    int entries = header.getShort() & 0xffff;
    if (type != 0 || (expectedLevel >= 0 && level != expectedLevel)) {
      throw Hdf5Bytes.damaged("a group's tree has a node of type " + type + " at level " + level);
    }
    ByteBuffer children =
        file.structure(
            address + TREE_HEADER, entries * 2L * Long.BYTES + Long.BYTES, "a group's tree");
    for (int i = 0; i < entries; i++) {
      children.getLong(); // key
      long child = children.getLong();
      if (level == 0) {
        readNode(child);
      } else {
        readTree(child, level - 1);
      }
    }
  }

  private void readNode(long address) {
    ByteBuffer header = file.structure(address, NODE_HEADER, "a group's members");
    Hdf5Bytes.signature(header, "SNOD", "the list of a group's members");
    header.getShort(); // version
    int count = header.getShort() & 0xffff;
    ByteBuffer entries =
        file.structure(address + NODE_HEADER, (long) count * ENTRY, "a group's members");
    for (int i = 0; i < count; i++) {
      ByteBuffer entry = entries.slice(i * ENTRY, ENTRY).order(entries.order());
      long name = entry.getLong();
      long object = entry.getLong();
      if (name < 0 || name >= names.limit()) {
        throw Hdf5Bytes.damaged("a member of a group has no name");
      }
      String text =
          file.text(
              names.slice((int) name, names.limit() - (int) name), "the name of a group's member");
      long target = entry.getInt() == SOFT_LINK ? LINK : object;
      if (addresses.put(text, target) != null) {
        throw Hdf5Bytes.damaged("a group has two members named " + text);
      }
    }
  }
}
