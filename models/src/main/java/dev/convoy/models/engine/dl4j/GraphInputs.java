package dev.convoy.models.engine.dl4j;

import dev.convoy.models.engine.ir.ElementType;
import dev.convoy.models.engine.ir.Layout;
import dev.convoy.models.engine.ir.Shape;
import dev.convoy.models.engine.ir.TensorType;
import dev.convoy.models.layers.InputNormalization;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bytedeco.javacpp.FloatPointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** What a graph's inputs are to the engine: bytes where an input normalisation reads them. */
final class GraphInputs {
  private static final int BLOCK = 4096;

  private final List<Boolean> bytes;

  GraphInputs(List<String> inputs, List<GraphNode> nodes) {
    bytes = inputs.stream().map(input -> isBytes(input, nodes)).toList();
  }

  private static boolean isBytes(String input, List<GraphNode> nodes) {
    return nodes.stream()
        .anyMatch(
            node ->
                node.configuration() instanceof InputNormalization
                    && node.inputs().contains(input));
  }

  /** The type of one example of each; empty if these are not all, or neither images nor rows. */
  Optional<List<TensorType>> types(INDArray[] arrays) {
    if (arrays.length != bytes.size()) {
      return Optional.empty();
    }
    List<TensorType> types = new ArrayList<>();
    for (int i = 0; i < arrays.length; i++) {
      INDArray array = arrays[i];
      boolean image = array.rank() == 4;
      if (array.length() == 0 || (!image && array.rank() != 2)) {
        return Optional.empty();
      }
      types.add(type(array, bytes.get(i) && image));
    }
    return Optional.of(types);
  }

  /** Whether all that the plan reads as bytes are bytes, in whatever type: whole, from 0 to 255. */
  boolean areBytes(INDArray[] arrays) {
    for (int i = 0; i < arrays.length; i++) {
      if (bytes.get(i) && !areBytes(arrays[i])) {
        return false;
      }
    }
    return true;
  }

  @SuppressWarnings("try") // The workspace scope acts by being open.
  private static boolean areBytes(INDArray array) {
    if (array.dataType() == DataType.UINT8) {
      return true;
    }
    if (array.dataType() == DataType.FLOAT && FlatMemory.isPlain(array)) {
      return areBytes(FlatMemory.floats(array));
    }
    try (MemoryWorkspace none = Nd4j.getMemoryManager().scopeOutOfWorkspaces();
        // As stock layers read it.
        INDArray floats = Nd4j.createUninitialized(DataType.FLOAT, array.shape(), 'c')) {
      return areBytes(FlatMemory.floats(floats.assign(array)));
    }
  }

  private static boolean areBytes(FloatPointer values) {
    float[] block = new float[BLOCK];
    for (long at = 0; at < values.limit(); at += BLOCK) {
      int length = (int) Math.min(BLOCK, values.limit() - at);
      values.position(at).get(block, 0, length);
      for (int i = 0; i < length; i++) {
        if (!(block[i] >= 0 && block[i] <= 255 && block[i] == (int) block[i])) {
          return false;
        }
      }
    }
    return true;
  }

  private static TensorType type(INDArray array, boolean channelsLast) {
    if (channelsLast) {
      Shape shape = Shape.of(size(array, 3), size(array, 1), size(array, 2));
      return new TensorType(ElementType.UINT8, shape, Layout.CHANNELS_LAST);
    }
    List<Integer> sizes = new ArrayList<>();
    for (int dimension = 1; dimension < array.rank(); dimension++) {
      sizes.add(size(array, dimension));
    }
    return TensorType.plain(new Shape(sizes));
  }

  private static int size(INDArray array, int dimension) {
    return Math.toIntExact(array.size(dimension));
  }

  /** One for each input. */
  List<HostArray> arrays() {
    return bytes.stream()
        .map(isBytes -> new HostArray(isBytes ? DataType.UINT8 : DataType.FLOAT))
        .toList();
  }
}
