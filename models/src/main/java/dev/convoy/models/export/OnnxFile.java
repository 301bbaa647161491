package dev.convoy.models.export;

import dev.convoy.models.InputShape;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import onnx.Onnx.GraphProto;
import onnx.Onnx.ModelProto;
import onnx.Onnx.OperatorSetIdProto;
import onnx.Onnx.StringStringEntryProto;
import onnx.Onnx.TensorProto;
import onnx.Onnx.TensorShapeProto;
import onnx.Onnx.TypeProto;
import onnx.Onnx.ValueInfoProto;
import org.nd4j.shade.protobuf.CodedOutputStream;
import org.nd4j.shade.protobuf.WireFormat;

/**
 * A network as ONNX (github.com/onnx/onnx, docs/IR.md): input {@code input} float32 {@code [batch,
 * channels, height, width]} with any batch; outputs {@code probabilities} and {@code logits}, each
 * {@code [batch, classes]}, of the classifier. Constants have torchvision's names.
 *
 * <p>The bytes are those that protobuf would write, but the tensors come from where they lie and
 * are never protobuf's.
 */
final class OnnxFile implements FileContent {
  /** Version of the operators, of ONNX 1.8 (December 2020). */
  static final long OPSET = 13;

  /** Version of the file format, of the same release. */
  static final long IR_VERSION = 7;

  static final String INPUT = "input";
  static final String PROBABILITIES = "probabilities";
  static final String LOGITS = "logits";

  private final ModelProto before;
  private final GraphProto nodes;
  private final List<OnnxInitializer> initializers;
  private final GraphProto ends;
  private final ModelProto after;
  private final long graphSize;

  /** The file of nodes that were made of this network. */
  OnnxFile(TrainedNetwork network, OnnxGraph graph) {
    InputShape input = network.model().input();
    before =
        ModelProto.newBuilder()
            .setIrVersion(IR_VERSION)
            .setProducerName("convoy")
            .setDocString(
                "Input "
                    + input
                    + ": (pixel / 255 - mean) / std by channel. Outputs: probabilities and logits"
                    + " of the classes. Means, deviations, channel order and classes are in the"
                    + " metadata.")
            .build();
    nodes =
        GraphProto.newBuilder().addAllNode(graph.nodes()).setName(network.model().name()).build();
    initializers = graph.initializers();
    int classes = network.model().classes();
    ends =
        GraphProto.newBuilder()
            .addInput(value(INPUT, input.channels(), input.height(), input.width()))
            .addOutput(value(PROBABILITIES, classes))
            .addOutput(value(LOGITS, classes))
            .build();
    ModelProto.Builder tail =
        ModelProto.newBuilder()
            .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(OPSET).build());
    ModelDescription.of(network)
        .forEach(
            (key, text) ->
                tail.addMetadataProps(
                    StringStringEntryProto.newBuilder().setKey(key).setValue(text).build()));
    after = tail.build();
    long size = (long) nodes.getSerializedSize() + ends.getSerializedSize();
    for (OnnxInitializer initializer : initializers) {
      size += fieldHead(GraphProto.INITIALIZER_FIELD_NUMBER, initializer.size());
      size += initializer.size();
    }
    graphSize = size;
  }

  /**
   * The file of a network.
   *
   * @throws dev.convoy.models.InvalidModelException naming what cannot be expressed
   */
  static OnnxFile of(TrainedNetwork network) {
    return new OnnxFile(network, OnnxTranslation.graph(network));
  }

  private static ValueInfoProto value(String name, int... dimensions) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    shape.addDim(TensorShapeProto.Dimension.newBuilder().setDimParam("batch").build());
    for (int size : dimensions) {
      shape.addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(size).build());
    }
    TypeProto.Tensor tensor =
        TypeProto.Tensor.newBuilder()
            .setElemType(TensorProto.DataType.FLOAT.getNumber())
            .setShape(shape.build())
            .build();
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(TypeProto.newBuilder().setTensorType(tensor).build())
        .build();
  }

  private static long fieldHead(int field, long size) {
    return CodedOutputStream.computeTagSize(field)
        + (long) CodedOutputStream.computeUInt64SizeNoTag(size);
  }

  @Override
  public long length() {
    return before.getSerializedSize()
        + fieldHead(ModelProto.GRAPH_FIELD_NUMBER, graphSize)
        + graphSize
        + after.getSerializedSize();
  }

  @Override
  public void writeTo(OutputStream out) throws IOException {
    CodedOutputStream coded = CodedOutputStream.newInstance(out);
    before.writeTo(coded);
    coded.writeTag(ModelProto.GRAPH_FIELD_NUMBER, WireFormat.WIRETYPE_LENGTH_DELIMITED);
    coded.writeUInt64NoTag(graphSize);
    nodes.writeTo(coded);
    for (OnnxInitializer initializer : initializers) {
      coded.writeTag(GraphProto.INITIALIZER_FIELD_NUMBER, WireFormat.WIRETYPE_LENGTH_DELIMITED);
      coded.writeUInt64NoTag(initializer.size());
      initializer.writeTo(coded, out);
    }
    ends.writeTo(coded);
    after.writeTo(coded);
    coded.flush();
  }

  @Override
  public SortedMap<String, Object> details() {
    return new TreeMap<>(
        Map.of(
            "opset",
            OPSET,
            "ir_version",
            IR_VERSION,
            "inputs",
            List.of(INPUT),
            "outputs",
            List.of(PROBABILITIES, LOGITS)));
  }
}
