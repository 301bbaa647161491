package dev.convoy.models.engine.dl4j;

import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.shape.Shape;

/** Where the elements of arrays lie. */
final class FlatMemory {
  private FlatMemory() {}

  /** Whether the elements follow each other in C order without gaps. */
  static boolean isPlain(INDArray array) {
    return array.length() == 1
        || (array.ordering() == 'c' && Shape.hasDefaultStridesForShape(array));
  }

  /** The address of a plain array's first element, views included. */
  static long address(INDArray array) {
    return array.data().addressPointer().address();
  }

  /** A float32 array's elements as a pointer with a limit. */
  static FloatPointer floats(INDArray array) {
    Pointer first = array.data().addressPointer();
    return new FloatPointer(first).limit(array.length());
  }
}
