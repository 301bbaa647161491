package dev.convoy.models.training;

import java.util.LinkedHashMap;
import java.util.Map;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Off-heap arrays by number of examples, reused from step to step; the oldest shapes give way. */
final class BatchArrays implements AutoCloseable {
  private static final int SHAPES = 4;

  private final long[] exampleShape;
  private final Map<Integer, INDArray> byExamples = new LinkedHashMap<>(8, 0.75f, true);

  BatchArrays(long... exampleShape) {
    this.exampleShape = exampleShape.clone();
  }

  /** The array for so many examples, filled with the values. */
  INDArray filled(float[] values, int examples) {
    INDArray array = byExamples.get(examples);
    if (array == null) {
      array = create(examples);
      byExamples.put(examples, array);
      if (byExamples.size() > SHAPES) {
        Integer oldest = byExamples.keySet().iterator().next();
        byExamples.remove(oldest).close();
      }
    }
    NativeFloats.write(values, array);
    return array;
  }

  private INDArray create(int examples) {
    long[] shape = new long[exampleShape.length + 1];
    shape[0] = examples;
    System.arraycopy(exampleShape, 0, shape, 1, exampleShape.length);
    return Nd4j.create(DataType.FLOAT, shape, 'c');
  }

  @Override
  public void close() {
    byExamples.values().forEach(INDArray::close);
    byExamples.clear();
  }
}
