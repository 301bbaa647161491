package dev.convoy.models.hdf5;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;

/** Text of varying length, kept apart from what refers to it (format specification III.E). */
final class Hdf5GlobalHeap {

  /** Length, address of the collection, index in it. */
  static final int REFERENCE_BYTES = 16;

  private static final int HEADER = 16;
  private static final int ALIGNMENT = 8;

  private final Hdf5Bytes file;
  private final Map<Long, Map<Integer, ByteBuffer>> collections = new HashMap<>();

  Hdf5GlobalHeap(Hdf5Bytes file) {
    this.file = file;
  }

  String text(ByteBuffer reference, String what) {
    int length = reference.getInt();
    long address = reference.getLong();
    int index = reference.getInt();
    if (length == 0) {
      return "";
    }
    Map<Integer, ByteBuffer> objects = collections.get(address);
    if (objects == null) {
      objects = collection(address, what);
      collections.put(address, objects);
    }
    ByteBuffer object = objects.get(index);
    if (object == null) {
      throw Hdf5Bytes.damaged(what + " is not in the heap that it refers to");
    }
    if (length < 0 || length > object.limit()) {
      throw Hdf5Bytes.damaged(what + " is longer than what its heap holds of it");
    }
    return file.text(object.slice(0, length), what);
  }

  private Map<Integer, ByteBuffer> collection(long address, String what) {
    ByteBuffer header = file.structure(address, HEADER, what);
    Hdf5Bytes.signature(header, "GCOL", "the heap of " + what);
    header.getInt(); // version
    ByteBuffer heap = file.piece(address, header.getLong(), "the heap of " + what);
    heap.position(Math.min(HEADER, heap.limit()));
    Map<Integer, ByteBuffer> objects = new HashMap<>();
    while (heap.remaining() >= HEADER) {
      file.count(HEADER, what);
      int index = heap.getShort() & 0xffff;
      heap.getShort(); // references to it
      heap.getInt();
      long bytes = heap.getLong();
      if (index == 0) {
        break;
      }
      if (bytes < 0 || bytes > heap.remaining()) {
        throw Hdf5Bytes.damaged("the heap of " + what + " holds more than it has room for");
      }
      objects.put(index, heap.slice(heap.position(), (int) bytes).order(ByteOrder.LITTLE_ENDIAN));
      long next = heap.position() + (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
      heap.position((int) Math.min(next, heap.limit()));
    }
    return objects;
  }
}
