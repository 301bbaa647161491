package dev.convoy.models.export;

import dev.convoy.models.InvalidModelException;
import dev.convoy.models.ModelRegistry;
import dev.convoy.models.state.ParameterLayout;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.preprocessor.NormalizerStandardize;
import org.nd4j.linalg.dataset.api.preprocessor.serializer.NormalizerSerializer;
import org.nd4j.linalg.factory.Nd4j;

/**
 * DL4J's zip, as {@link ModelSerializer} writes it without an updater: the configuration, the
 * parameters, and a normaliser for pixels of 0 to 255. Besides {@code convoy.json}, which DL4J
 * passes over.
 */
final class StockZip {
  private static final String DESCRIPTION = "convoy.json";
  private static final int PIECE = 1 << 20;

  private StockZip() {}

  static ExportedFile export(TrainedNetwork network) {
    ComputationGraph source = ModelRegistry.standard().buildEmpty(network.model());
    ParameterLayout layout;
    StockGraph stock;
    try {
      layout = ParameterLayout.of(source);
      layout.checkLength(network.parameters());
      stock = StockGraph.of(source, network.model().input());
    } finally {
      source.params().close();
    }
    ComputationGraph graph = stock.graph(layout, network.parameters());
    try {
      // Only now does it hold the order of its vertices, which is that of the parameters.
      String json = graph.getConfiguration().toJson();
      requireStock(json);
      return ExportedFile.of(zip(network, json, graph.params()));
    } finally {
      graph.params().close();
    }
  }

  private static void requireStock(String json) {
    if (json.contains("dev.convoy")) {
      throw new InvalidModelException(
          "The network cannot be written in DL4J's own layers: its configuration still names a"
              + " class that DL4J lacks");
    }
  }

  private static StoredZip zip(TrainedNetwork network, String json, INDArray parameters) {
    String description = ModelDescription.json(ModelDescription.of(network));
    return new StoredZip(Map.of("layers", "DL4J's own", "updater", "none"))
        .with(ModelSerializer.CONFIGURATION_JSON, out -> out.write(bytes(json)))
        .with(ModelSerializer.COEFFICIENTS_BIN, out -> write(parameters, out))
        .with(ModelSerializer.NORMALIZER_BIN, out -> write(normalizer(network), out))
        .with(DESCRIPTION, out -> out.write(bytes(description)));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static void write(INDArray array, OutputStream out) throws IOException {
    DataOutputStream data = new DataOutputStream(new BufferedOutputStream(out, PIECE));
    Nd4j.write(array, data);
    data.flush();
  }

  private static void write(NormalizerStandardize normalizer, OutputStream out) throws IOException {
    // DL4J closes what it writes this to.
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    NormalizerSerializer.getDefault().write(normalizer, bytes);
    bytes.writeTo(out);
  }

  private static NormalizerStandardize normalizer(TrainedNetwork network) {
    return new NormalizerStandardize(row(network.mean()), row(network.std()));
  }

  private static INDArray row(List<Double> shares) {
    float[][] row = new float[1][shares.size()];
    for (int i = 0; i < shares.size(); i++) {
      row[0][i] = (float) (255 * shares.get(i));
    }
    return Nd4j.createFromArray(row);
  }
}
