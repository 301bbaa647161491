package dev.convoy.models.engine.dl4j;

import dev.convoy.models.engine.ir.ElementType;
import dev.convoy.models.engine.ir.Layout;
import dev.convoy.models.engine.ir.Shape;
import dev.convoy.models.engine.ir.TensorType;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A small initialised graph with what fits it.
 *
 * @param example the shape of one example of its input
 * @param classes for each output
 */
record GraphCase(String name, ComputationGraph graph, Shape example, List<Integer> classes) {

  List<TensorType> inputs() {
    return List.of(new TensorType(ElementType.FLOAT32, example, Layout.PLAIN));
  }

  INDArray images(int batch, Random random) {
    int[] shape = new int[example.rank() + 1];
    shape[0] = batch;
    for (int i = 0; i < example.rank(); i++) {
      shape[i + 1] = example.get(i);
    }
    double[] values = new double[Math.toIntExact(batch * example.elements())];
    Arrays.setAll(values, i -> random.nextGaussian());
    return Nd4j.createFromArray(values).castTo(DataType.FLOAT).reshape('c', shape);
  }

  INDArray[] labels(int batch, Random random) {
    return classes.stream()
        .map(
            count -> {
              INDArray oneHot = Nd4j.zeros(batch, count);
              for (int i = 0; i < batch; i++) {
                oneHot.putScalar(i, random.nextInt(count), 1);
              }
              return oneHot;
            })
        .toArray(INDArray[]::new);
  }

  MultiDataSet data(int batch, Random random) {
    return new MultiDataSet(new INDArray[] {images(batch, random)}, labels(batch, random));
  }

  @Override
  public String toString() {
    return name;
  }
}
