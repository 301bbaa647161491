package dev.convoy.models.hdf5;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The messages of one object, version 1 (format specification IV.A.1.a). */
final class Hdf5Header {

  static final int SPACE = 0x01;
  static final int LINK_INFO = 0x02;
  static final int TYPE = 0x03;
  static final int LAYOUT = 0x08;
  static final int ATTRIBUTE = 0x0c;
  static final int SYMBOL_TABLE = 0x11;
  private static final int CONTINUATION = 0x10;

  private static final int PREFIX = 16;
  private static final int MESSAGE_PREFIX = 8;
  private static final int SHARED = 0x02;

  private final Hdf5Bytes file;
  private final List<Message> messages = new ArrayList<>();
  private final Set<Long> blocks = new HashSet<>();

  private record Message(int type, int flags, ByteBuffer body) {}

  Hdf5Header(Hdf5Bytes file, long address) {
    this.file = file;
    ByteBuffer prefix = file.structure(address, PREFIX, "an object");
    int version = prefix.get();
    if (version == 'O') {
      throw Hdf5Bytes.unsupported("object headers of version 2");
    }
    if (version != 1) {
      throw Hdf5Bytes.damaged("an object's header has version " + version);
    }
    prefix.get();
    int count = prefix.getShort() & 0xffff;
    prefix.getInt(); // references to it
    long size = Integer.toUnsignedLong(prefix.getInt());
    Deque<Message> continuations = new ArrayDeque<>();
    readBlock(address + PREFIX, size, count, continuations);
    while (!continuations.isEmpty()) {
      ByteBuffer body = fixed(continuations.remove(), 2 * Long.BYTES);
      readBlock(body.getLong(), body.getLong(), count, continuations);
    }
  }

  /** The continuations that it names are added to those that are to be read. */
  private void readBlock(long address, long size, int count, Deque<Message> continuations) {
    if (!blocks.add(address)) {
      throw Hdf5Bytes.damaged("an object's header continues in itself");
    }
    ByteBuffer block = file.structure(address, size, "an object's header");
    while (block.remaining() >= MESSAGE_PREFIX && messages.size() < count) {
      int type = block.getShort() & 0xffff;
      int length = block.getShort() & 0xffff;
      int flags = block.get();
      block.get();
      block.getShort();
      if (length > block.remaining()) {
        throw Hdf5Bytes.damaged("a message of an object's header is longer than the header");
      }
      Message message =
          new Message(type, flags, littleEndian(block.slice(block.position(), length)));
      block.position(block.position() + length);
      messages.add(message);
      if (type == CONTINUATION) {
        continuations.add(message);
      }
    }
  }

  private static ByteBuffer fixed(Message message, int length) {
    if (message.body().remaining() < length) {
      throw Hdf5Bytes.damaged("a message of an object's header is cut off");
    }
    return littleEndian(message.body().duplicate());
  }

  private static ByteBuffer littleEndian(ByteBuffer buffer) {
    return buffer.order(ByteOrder.LITTLE_ENDIAN);
  }

  boolean has(int type) {
    return messages.stream().anyMatch(message -> message.type() == type);
  }

  /** The only message of a type, if there is one. */
  Optional<ByteBuffer> message(int type) {
    List<ByteBuffer> found = messages(type);
    if (found.size() > 1) {
      throw Hdf5Bytes.damaged("an object's header has two messages of type " + type);
    }
    return found.stream().findFirst();
  }

  List<ByteBuffer> messages(int type) {
    List<ByteBuffer> found = new ArrayList<>();
    for (Message message : messages) {
      if (message.type() == type) {
        if ((message.flags() & SHARED) != 0) {
          throw Hdf5Bytes.unsupported("types or dataspaces shared between objects");
        }
        found.add(littleEndian(message.body().duplicate()));
      }
    }
    return found;
  }
}
