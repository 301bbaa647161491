package dev.convoy.models.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.assertj.core.data.Offset;
import org.deeplearning4j.exception.DL4JInvalidConfigException;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class AdaptiveAveragePoolingTest {
  private static final InputType IMAGE = InputType.convolutional(5, 6, 3);

  @Test
  void equalsPyTorch() {
    assertThat(pooled(3, 4))
        .containsExactly(4.5, 5.5, 7.5, 8.5, 13.5, 14.5, 16.5, 17.5, 22.5, 23.5, 25.5, 26.5);
    assertThat(pooled(7, 2))
        .containsExactly(
            new double[] {2, 5, 5, 8, 11, 14, 14, 17, 17, 20, 23, 26, 26, 29},
            Offset.offset(1e-12));
  }

  /** Of the numbers 1 to 30 in an image of 5x6, twice in a channel each. */
  private static double[] pooled(int height, int width) {
    AdaptiveAveragePooling layer = new AdaptiveAveragePooling(height, width);
    ComputationGraph graph =
        SmallGraphs.alone(layer, InputType.convolutional(5, 6, 2), DataType.DOUBLE);
    INDArray plane = Nd4j.arange(1, 31).castTo(DataType.DOUBLE).reshape(1, 1, 5, 6);
    INDArray output = graph.output(Nd4j.concat(1, plane.neg(), plane))[0];
    assertThat(output.shape()).containsExactly(1, 2, height, width);
    double[] values = output.dup('c').data().asDouble();
    int half = values.length / 2;
    double[] second = java.util.Arrays.copyOfRange(values, half, values.length);
    for (int i = 0; i < half; i++) {
      assertThat(values[i]).isEqualTo(-second[i]);
    }
    return second;
  }

  @ParameterizedTest
  @CsvSource({"4, 4", "7, 2", "1, 1"})
  void gradientsEqualFiniteDifferences(int height, int width) {
    ComputationGraph graph =
        SmallGraphs.classifier(
            new AdaptiveAveragePooling(height, width), IMAGE, 4, DataType.DOUBLE);
    INDArray input = SmallGraphs.numbers(4, DataType.DOUBLE, 3, 3, 5, 6);
    INDArray labels = SmallGraphs.oneHot(3, SmallGraphs.CLASSES, DataType.DOUBLE);
    FiniteDifferences.assertGradient(graph, new INDArray[] {input}, new INDArray[] {labels});
  }

  @Test
  void survivesJsonZipAndClone() {
    ComputationGraph graph =
        SmallGraphs.classifier(new AdaptiveAveragePooling(4, 4), IMAGE, 4, DataType.FLOAT);
    SmallGraphs.assertRoundTrip(graph, SmallGraphs.numbers(6, DataType.FLOAT, 2, 3, 5, 6));
    assertThat(new AdaptiveAveragePooling(4, 3)).isNotEqualTo(new AdaptiveAveragePooling(3, 4));
  }

  @Test
  void refusesWhatItCannotCompute() {
    assertThatThrownBy(() -> new AdaptiveAveragePooling(0, 4))
        .isInstanceOf(DL4JInvalidConfigException.class)
        .hasMessageContaining("pooling to 0x4");
    AdaptiveAveragePooling layer = new AdaptiveAveragePooling(2, 2);
    assertThatThrownBy(() -> SmallGraphs.alone(layer, InputType.feedForward(8), DataType.FLOAT))
        .hasMessageContaining("takes NCHW images");
  }
}
