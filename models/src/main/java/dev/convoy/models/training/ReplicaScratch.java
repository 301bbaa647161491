package dev.convoy.models.training;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.FloatPointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Working memory that the convolutions of one replica share, and the number of the present pass.
 */
final class ReplicaScratch implements AutoCloseable {
  private float[] image = new float[0];
  private float[] columns = new float[0];
  private FloatPointer nativeColumns = new FloatPointer(1);
  private final List<INDArray> vectors = new ArrayList<>();
  private long pass;

  /** Begins a forward pass, with or without a backward pass after it. */
  void nextPass() {
    pass++;
  }

  long pass() {
    return pass;
  }

  float[] image(int length) {
    image = grown(image, length);
    return image;
  }

  float[] columns(int length) {
    columns = grown(columns, length);
    return columns;
  }

  FloatPointer nativeColumns(int length) {
    if (nativeColumns.capacity() < length) {
      nativeColumns.close();
      nativeColumns = new FloatPointer(length);
    }
    return nativeColumns;
  }

  /** An array that lives as long as the replica. */
  INDArray vector(int length) {
    INDArray vector = Nd4j.create(DataType.FLOAT, length);
    vectors.add(vector);
    return vector;
  }

  private static float[] grown(float[] array, int length) {
    return array.length >= length ? array : new float[length];
  }

  @Override
  public void close() {
    nativeColumns.close();
    vectors.forEach(INDArray::close);
  }
}
