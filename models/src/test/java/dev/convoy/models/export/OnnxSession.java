package dev.convoy.models.export;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.convoy.models.InputShape;
import java.nio.FloatBuffer;
import java.util.Map;

/** A file opened by ONNX Runtime. */
final class OnnxSession implements AutoCloseable {
  private final OrtSession session;

  OnnxSession(byte[] file) throws OrtException {
    OrtSession.SessionOptions options = new OrtSession.SessionOptions();
    options.setIntraOpNumThreads(1);
    session = OrtEnvironment.getEnvironment().createSession(file, options);
  }

  OrtSession session() {
    return session;
  }

  /** One output for a batch of images, in C order. */
  float[] run(String output, InputShape shape, float[] images, int examples) throws OrtException {
    long[] dimensions = {examples, shape.channels(), shape.height(), shape.width()};
    try (OnnxTensor input =
            OnnxTensor.createTensor(
                OrtEnvironment.getEnvironment(), FloatBuffer.wrap(images), dimensions);
        OrtSession.Result result = session.run(Map.of("input", input))) {
      OnnxTensor tensor = (OnnxTensor) result.get(output).orElseThrow();
      float[] values = new float[tensor.getFloatBuffer().remaining()];
      tensor.getFloatBuffer().get(values);
      return values;
    }
  }

  @Override
  public void close() throws OrtException {
    session.close();
  }
}
