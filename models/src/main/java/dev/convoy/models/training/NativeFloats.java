package dev.convoy.models.training;

import org.bytedeco.javacpp.FloatPointer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.shape.Shape;

/** Copies between Java arrays and the whole of a contiguous float32 array off the heap. */
final class NativeFloats {
  private NativeFloats() {}

  static void write(float[] values, INDArray array) {
    pointer(array).put(values, 0, checked(values.length, array));
  }

  static void read(INDArray array, float[] values) {
    pointer(array).get(values, 0, checked(values.length, array));
  }

  /** Where the array's elements begin, views included. */
  static FloatPointer pointer(INDArray array) {
    return new FloatPointer(array.data().addressPointer());
  }

  private static int checked(int length, INDArray array) {
    if (length != array.length()) {
      throw new IllegalArgumentException(
          length + " values for an array of " + array.length() + " elements");
    }
    return length;
  }

  /** The array, or a copy of it in a workspace, without gaps in C order. */
  static INDArray contiguous(INDArray array, LayerWorkspaceMgr workspaces, ArrayType where) {
    return array.ordering() == 'c' && Shape.hasDefaultStridesForShape(array)
        ? array
        : workspaces.dup(where, array, 'c');
  }
}
