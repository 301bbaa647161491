package dev.convoy.models.hdf5;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** One attribute of an object (format specification IV.A.2.m). */
record Hdf5Attribute(String name, Hdf5Type type, Hdf5Space space, ByteBuffer data) {

  private static final int ALIGNMENT = 8;

  static Hdf5Attribute read(Hdf5Bytes file, ByteBuffer message) {
    int version = message.get();
    int flags = message.get();
    int nameLength = message.getShort() & 0xffff;
    int typeLength = message.getShort() & 0xffff;
    int spaceLength = message.getShort() & 0xffff;
    if (version < 1 || version > 3) {
      throw Hdf5Bytes.damaged("an attribute has version " + version);
    }
    if (version > 1 && flags != 0) {
      throw Hdf5Bytes.unsupported("types or dataspaces shared between objects");
    }
    if (version == 3) {
      message.get(); // character set; ASCII is UTF-8, too
    }
    int alignment = version == 1 ? ALIGNMENT : 1;
    String name = file.text(part(message, nameLength, alignment), "an attribute's name");
    Hdf5Type type = Hdf5Type.read(part(message, typeLength, alignment));
    Hdf5Space space = Hdf5Space.read(part(message, spaceLength, alignment));
    return new Hdf5Attribute(name, type, space, message.slice().order(ByteOrder.LITTLE_ENDIAN));
  }

  private static ByteBuffer part(ByteBuffer message, int length, int alignment) {
    int padded = (length + alignment - 1) / alignment * alignment;
    if (padded > message.remaining()) {
      throw Hdf5Bytes.damaged("an attribute is cut off");
    }
    ByteBuffer part = message.slice(message.position(), length).order(ByteOrder.LITTLE_ENDIAN);
    message.position(message.position() + padded);
    return part;
  }

  /** The values as text, in C order. */
  List<String> texts(Hdf5Bytes file, Hdf5GlobalHeap heap) {
    List<String> texts = new ArrayList<>();
    if (space.elements() == 0) {
      return texts;
    }
    String what = "attribute " + name;
    if (type.kind() != Hdf5Type.Kind.FIXED_TEXT && type.kind() != Hdf5Type.Kind.VARIABLE_TEXT) {
      throw Hdf5Bytes.damaged(what + " is " + type.name() + " instead of text");
    }
    if (space.elements() > data.remaining() / type.size()) {
      throw Hdf5Bytes.damaged(what + " is cut off");
    }
    for (int i = 0; i < space.elements(); i++) {
      file.count(type.size(), what);
      ByteBuffer element = data.slice(i * type.size(), type.size()).order(ByteOrder.LITTLE_ENDIAN);
      texts.add(
          type.kind() == Hdf5Type.Kind.FIXED_TEXT
              ? file.text(element, what)
              : heap.text(element, what));
    }
    return texts;
  }
}
