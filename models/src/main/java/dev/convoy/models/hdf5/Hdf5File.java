package dev.convoy.models.hdf5;

import dev.convoy.models.InvalidModelException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * An HDF5 file (The HDF Group, "HDF5 File Format Specification Version 3.0") as h5py writes it
 * unless told otherwise: superblock of version 0 or 1, groups as symbol tables, datasets in one
 * piece. Anything else is refused by name.
 *
 * <p>io.jhdf, which reads more of the format, follows a tree that hangs from itself and allocates
 * what a damaged header asks for; see {@link Hdf5Bytes} for what keeps this reader from it.
 */
public final class Hdf5File {

  private static final String SIGNATURE = "\211HDF\r\n\032\n";
  private static final int SUPERBLOCK = 96;
  private static final int WIDTHS = 13;
  private static final int VERSION_ONE_MORE = 4;

  private final Hdf5Bytes bytes;
  private final Hdf5GlobalHeap heap;
  private final Map<Long, Hdf5Node> nodes = new HashMap<>();
  private long dataBytes;

  private Hdf5File(byte[] content) {
    this.bytes = new Hdf5Bytes(content);
    this.heap = new Hdf5GlobalHeap(bytes);
  }

  /** Whether some bytes begin as an HDF5 file does. */
  public static boolean hasSignature(byte[] content) {
    for (int i = 0; i < SIGNATURE.length(); i++) {
      if (i >= content.length || content[i] != (byte) SIGNATURE.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /**
   * Reads from a file.
   *
   * @param read what to take out of it, given the root group
   * @throws InvalidModelException saying what is wrong with the file
   */
  public static <T> T read(byte[] content, Function<Hdf5Node, T> read) {
    try {
      return read.apply(new Hdf5File(content).root());
    } catch (BufferUnderflowException e) {
      throw new InvalidModelException(Hdf5Bytes.message("one of its structures is cut off"), e);
    }
  }

  private Hdf5Node root() {
    ByteBuffer superblock = bytes.structure(0, SUPERBLOCK, "the superblock");
    Hdf5Bytes.signature(superblock, SIGNATURE, "it");
    int version = superblock.get();
    if (version != 0 && version != 1) {
      throw Hdf5Bytes.unsupported("a superblock of version " + version);
    }
    superblock.position(WIDTHS);
    int offsetBytes = superblock.get();
    int lengthBytes = superblock.get();
    if (offsetBytes != Long.BYTES || lengthBytes != Long.BYTES) {
      throw Hdf5Bytes.unsupported(
          "addresses of " + offsetBytes + " and lengths of " + lengthBytes + " bytes");
    }
    superblock.position(superblock.position() + 9 + (version == 1 ? VERSION_ONE_MORE : 0));
    if (superblock.getLong() != 0) {
      throw Hdf5Bytes.unsupported("a base address other than 0");
    }
    superblock.getLong(); // free space
    long end = superblock.getLong();
    if (end < 0 || end > bytes.length()) {
      throw Hdf5Bytes.damaged(
          "it is cut off: it should have "
              + Long.toUnsignedString(end)
              + " bytes, but has "
              + bytes.length());
    }
    superblock.getLong(); // driver
    superblock.getLong(); // the root's name
    return node("/", superblock.getLong());
  }

  Hdf5Bytes bytes() {
    return bytes;
  }

  Hdf5GlobalHeap heap() {
    return heap;
  }

  Hdf5Node node(String path, long address) {
    Hdf5Node known = nodes.get(address);
    if (known == null) {
      known = new Hdf5Node(this, path, address);
      nodes.put(address, known);
    }
    return known;
  }

  /** Datasets do not overlap, so that together they are no longer than the file. */
  ByteBuffer data(long address, long length, String what) {
    dataBytes += length;
    if (dataBytes > bytes.length()) {
      throw Hdf5Bytes.damaged("its datasets overlap; the last one was " + what);
    }
    return bytes.piece(address, length, what);
  }
}
