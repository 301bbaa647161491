package dev.convoy.models.export;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.File;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.preprocessor.DataNormalization;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A program of its own for a JVM with DL4J and without Convoy: opens {@code NAME.zip}, feeds it
 * {@code NAME.input} (four int32 for the shape, then float32, big-endian) after its normaliser, and
 * writes {@code NAME.output}.
 */
public final class StockReader {
  private StockReader() {}

  /** For each argument, a path without the ending. */
  public static void main(String[] names) throws Exception {
    requireAlone();
    for (String name : names) {
      ByteBuffer input = ByteBuffer.wrap(Files.readAllBytes(Path.of(name + ".input")));
      long[] shape = {input.getInt(), input.getInt(), input.getInt(), input.getInt()};
      float[] pixels = new float[input.remaining() / Float.BYTES];
      input.asFloatBuffer().get(pixels);
      INDArray images = Nd4j.create(pixels, shape, 'c');
      File zip = new File(name + ".zip");
      DataNormalization normalizer = ModelSerializer.restoreNormalizerFromFile(zip);
      normalizer.transform(images);
      ComputationGraph graph = ModelSerializer.restoreComputationGraph(zip, true);
      if (graph.getNumOutputArrays() != 1) {
        throw new IllegalStateException(name + " has outputs besides the classifier's");
      }
      float[] output = graph.outputSingle(images).dup('c').data().asFloat();
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      DataOutputStream data = new DataOutputStream(bytes);
      for (float value : output) {
        data.writeFloat(value);
      }
      Files.write(Path.of(name + ".output"), bytes.toByteArray());
      graph.close();
    }
  }

  private static void requireAlone() {
    try {
      Class.forName("dev.convoy.models.ModelRegistry");
    } catch (ClassNotFoundException e) {
      return;
    }
    throw new IllegalStateException("Convoy is on the class path");
  }
}
