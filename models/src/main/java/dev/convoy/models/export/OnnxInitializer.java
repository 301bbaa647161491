package dev.convoy.models.export;

import java.io.IOException;
import java.io.OutputStream;
import onnx.Onnx.TensorProto;
import org.nd4j.shade.protobuf.CodedOutputStream;
import org.nd4j.shade.protobuf.WireFormat;

/**
 * A constant tensor of an ONNX graph, which writes its numbers from where they lie.
 *
 * @param head the tensor without its numbers
 * @param bytes that the numbers take
 */
record OnnxInitializer(TensorProto head, int bytes, Numbers numbers) {

  /** Writes the numbers, little-endian in C order. */
  @FunctionalInterface
  interface Numbers {
    void writeTo(OutputStream out) throws IOException;
  }

  /** Bytes of the whole tensor, its own length left out. */
  int size() {
    return head.getSerializedSize()
        + CodedOutputStream.computeTagSize(TensorProto.RAW_DATA_FIELD_NUMBER)
        + CodedOutputStream.computeUInt32SizeNoTag(bytes)
        + bytes;
  }

  /**
   * Writes the tensor; the numbers' field is the last one.
   *
   * @param coded writes to {@code out}
   */
  void writeTo(CodedOutputStream coded, OutputStream out) throws IOException {
    head.writeTo(coded);
    coded.writeTag(TensorProto.RAW_DATA_FIELD_NUMBER, WireFormat.WIRETYPE_LENGTH_DELIMITED);
    coded.writeUInt32NoTag(bytes);
    coded.flush();
    numbers.writeTo(out);
  }
}
