package dev.convoy.models.export;

import dev.convoy.models.engine.ir.Window;
import onnx.Onnx.AttributeProto;
import onnx.Onnx.AttributeProto.AttributeType;

/** Attributes of ONNX nodes. */
final class OnnxAttributes {
  private OnnxAttributes() {}

  static AttributeProto number(String name, long value) {
    return AttributeProto.newBuilder().setName(name).setType(AttributeType.INT).setI(value).build();
  }

  static AttributeProto number(String name, double value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeType.FLOAT)
        .setF((float) value)
        .build();
  }

  static AttributeProto numbers(String name, long... values) {
    AttributeProto.Builder list =
        AttributeProto.newBuilder().setName(name).setType(AttributeType.INTS);
    for (long value : values) {
      list.addInts(value);
    }
    return list.build();
  }

  static AttributeProto kernel(Window window) {
    return numbers("kernel_shape", window.height(), window.width());
  }

  static AttributeProto strides(Window window) {
    return numbers("strides", window.strideHeight(), window.strideWidth());
  }

  static AttributeProto dilations(Window window) {
    return numbers("dilations", window.dilationHeight(), window.dilationWidth());
  }

  /** Top, left, bottom, right. What a window leaves unseen at the end needs no padding. */
  static AttributeProto pads(Window window) {
    return numbers(
        "pads",
        window.padTop(),
        window.padLeft(),
        Math.max(0, window.padBottom()),
        Math.max(0, window.padRight()));
  }
}
