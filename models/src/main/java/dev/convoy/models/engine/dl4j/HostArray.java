package dev.convoy.models.engine.dl4j;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Gives arrays in C order and of one type, copying only those that are not. */
final class HostArray implements AutoCloseable {
  private final DataType type;
  private INDArray copy;

  HostArray(DataType type) {
    this.type = type;
  }

  /** The address of the array's elements; valid until the next call. */
  @SuppressWarnings("try") // The workspace scope acts by being open.
  long address(INDArray array) {
    if (array.dataType() == type && FlatMemory.isPlain(array)) {
      return FlatMemory.address(array);
    }
    if (copy == null || !copy.equalShapes(array)) {
      close();
      try (MemoryWorkspace none = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
        copy = Nd4j.createUninitialized(type, array.shape(), 'c');
      }
    }
    copy.assign(array);
    return FlatMemory.address(copy);
  }

  @Override
  public void close() {
    if (copy != null) {
      copy.close();
      copy = null;
    }
  }
}
