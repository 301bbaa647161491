package dev.convoy.models.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.assertj.core.data.Offset;
import org.deeplearning4j.exception.DL4JInvalidConfigException;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.LocalResponseNormalization;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

class ExactLocalResponseNormalizationTest {

  @ParameterizedTest
  @CsvSource({"7, 5, 2, 1e-4, 0.75", "7, 3, 1, 0.5, 0.5", "2, 5, 2, 0.3, 0.75", "4, 1, 1, 1, 1"})
  void equalsTheSumsWrittenOut(int channels, int size, double k, double alpha, double beta) {
    InputType type = InputType.convolutional(3, 2, channels);
    for (DataType precision : new DataType[] {DataType.DOUBLE, DataType.FLOAT}) {
      var layer = new ExactLocalResponseNormalization(size, k, alpha, beta);
      ComputationGraph graph = SmallGraphs.alone(layer, type, precision);
      INDArray input = SmallGraphs.numbers(4, precision, 2, channels, 3, 2).muli(6);
      INDArray output = graph.output(input)[0];
      double tolerance = precision == DataType.DOUBLE ? 1e-13 : 1e-6;
      for (int n = 0; n < 2; n++) {
        for (int y = 0; y < 3; y++) {
          for (int x = 0; x < 2; x++) {
            for (int c = 0; c < channels; c++) {
              double squares = 0;
              for (int j = Math.max(0, c - size / 2);
                  j <= Math.min(channels - 1, c + size / 2);
                  j++) {
                squares += Math.pow(input.getDouble(n, j, y, x), 2);
              }
              double expected = input.getDouble(n, c, y, x) / Math.pow(k + alpha * squares, beta);
              assertThat(output.getDouble(n, c, y, x))
                  .isCloseTo(expected, Offset.offset(tolerance));
            }
          }
        }
      }
    }
  }

  @Test
  void hasTheExactGradientAlsoWhereAlphaIsLarge() {
    var layer = new ExactLocalResponseNormalization(5, 1, 0.7, 0.75);
    ComputationGraph graph =
        SmallGraphs.classifier(layer, InputType.convolutional(3, 3, 2), 7, DataType.DOUBLE);
    INDArray input = SmallGraphs.numbers(8, DataType.DOUBLE, 4, 2, 3, 3).muli(8);
    INDArray labels = SmallGraphs.oneHot(4, SmallGraphs.CLASSES, DataType.DOUBLE);
    FiniteDifferences.assertGradient(graph, new INDArray[] {input}, new INDArray[] {labels});
  }

  @Test
  void computesWhatDl4jsComputes() {
    var own = new ExactLocalResponseNormalization(5, 2, 0.1, 0.75);
    var stock = new LocalResponseNormalization.Builder().n(5).k(2).alpha(0.1).beta(0.75).build();
    InputType type = InputType.convolutional(4, 4, 6);
    INDArray input = SmallGraphs.numbers(1, DataType.DOUBLE, 2, 6, 4, 4).muli(4);
    INDArray expected = SmallGraphs.alone(stock, type, DataType.DOUBLE).output(input)[0];
    INDArray output = SmallGraphs.alone(own, type, DataType.DOUBLE).output(input)[0];
    assertThat(output.equalsWithEps(expected, 1e-12)).isTrue();
  }

  @Test
  void survivesJsonZipAndClone() {
    var layer = new ExactLocalResponseNormalization(5, 1, 0.7, 0.75);
    assertThat(layer).isEqualTo(new ExactLocalResponseNormalization(5, 1, 0.7, 0.75));
    assertThat(layer).isNotEqualTo(new ExactLocalResponseNormalization(5, 1, 0.6, 0.75));
    ComputationGraph graph =
        SmallGraphs.classifier(layer, InputType.convolutional(3, 3, 2), 7, DataType.FLOAT);
    SmallGraphs.assertRoundTrip(graph, SmallGraphs.numbers(6, DataType.FLOAT, 2, 2, 3, 3));
  }

  @Test
  void refusesWhatItCannotCompute() {
    assertThatThrownBy(() -> new ExactLocalResponseNormalization(4, 2, 1e-4, 0.75))
        .isInstanceOf(DL4JInvalidConfigException.class)
        .hasMessageContaining("over 4 channels; their number has to be odd");
    assertThatThrownBy(() -> new ExactLocalResponseNormalization(5, 0, 1e-4, 0.75))
        .hasMessageContaining("k has to be positive");
  }
}
