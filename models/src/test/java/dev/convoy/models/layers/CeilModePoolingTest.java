package dev.convoy.models.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.assertj.core.data.Offset;
import org.deeplearning4j.exception.DL4JInvalidConfigException;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer.PoolingType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class CeilModePoolingTest {
  private static final int HEIGHT = 5;
  private static final int WIDTH = 6;

  @Test
  void equalsPyTorch() {
    CeilModePooling.Builder average = builder(PoolingType.AVG, 3, 2, 1);
    average.avgPoolIncludePadInDivisor(true);
    assertThat(pooled(average.build()))
        .containsExactly(
            new double[] {2, 4, 16 / 3.0, 3, 9, 15, 17, 9, 10, 16, 52 / 3.0, 9},
            Offset.offset(1e-12));
    assertThat(pooled(builder(PoolingType.AVG, 3, 2, 1).build()))
        .containsExactly(
            new double[] {4.5, 6, 8, 9, 13.5, 15, 17, 18, 22.5, 24, 26, 27}, Offset.offset(1e-12));
    // The last window of a row would start in the padding on the right: there is none.
    average = builder(PoolingType.AVG, 2, 3, 1);
    average.avgPoolIncludePadInDivisor(true);
    assertThat(pooled(average.build()))
        .containsExactly(new double[] {0.25, 1.75, 1.5, 8, 18.5, 10.5}, Offset.offset(1e-12));
    assertThat(pooled(builder(PoolingType.AVG, 2, 3, 1).build()))
        .containsExactly(new double[] {1, 3.5, 6, 16, 18.5, 21}, Offset.offset(1e-12));
    CeilModePooling.Builder oblong = new CeilModePooling.Builder(PoolingType.MAX);
    oblong.kernelSize(3, 2).stride(2, 3).padding(1, 0);
    assertThat(pooled(oblong.build())).containsExactly(8, 11, 20, 23, 26, 29);
    CeilModePooling.Builder dilated = builder(PoolingType.MAX, 2, 2, 0);
    dilated.dilation(2, 2);
    assertThat(pooled(dilated.build())).containsExactly(15, 17, 17, 27, 29, 29);
  }

  /** Of the numbers 1 to 30 in an image of 5x6. */
  private static double[] pooled(CeilModePooling layer) {
    ComputationGraph graph = SmallGraphs.alone(layer, image(), DataType.DOUBLE);
    INDArray input = Nd4j.arange(1, 31).castTo(DataType.DOUBLE).reshape(1, 1, HEIGHT, WIDTH);
    return graph.output(input)[0].dup('c').data().asDouble();
  }

  @ParameterizedTest
  @CsvSource({
    "MAX, 3, 2, 0, FLOAT",
    "MAX, 3, 2, 1, DOUBLE",
    "MAX, 2, 3, 1, DOUBLE",
    "MAX, 3, 1, 1, DOUBLE",
    "AVG, 3, 2, 1, FLOAT",
    "AVG, 2, 3, 0, DOUBLE",
    "AVG, 4, 3, 2, DOUBLE",
  })
  void equalsTheWindowsWrittenOut(
      PoolingType pooling, int kernel, int stride, int padding, DataType type) {
    CeilModePooling layer = builder(pooling, kernel, stride, padding).build();
    INDArray input = SmallGraphs.numbers(3, type, 2, 3, HEIGHT, WIDTH);
    INDArray output = SmallGraphs.alone(layer, image(), type).output(input)[0];
    double tolerance = type == DataType.DOUBLE ? 1e-12 : 1e-6;
    for (int n = 0; n < 2; n++) {
      for (int c = 0; c < 3; c++) {
        for (int y = 0; y < output.size(2); y++) {
          for (int x = 0; x < output.size(3); x++) {
            double max = Double.NEGATIVE_INFINITY;
            double sum = 0;
            int count = 0;
            for (int i = Math.max(0, y * stride - padding);
                i < Math.min(HEIGHT, y * stride - padding + kernel);
                i++) {
              for (int j = Math.max(0, x * stride - padding);
                  j < Math.min(WIDTH, x * stride - padding + kernel);
                  j++) {
                max = Math.max(max, input.getDouble(n, c, i, j));
                sum += input.getDouble(n, c, i, j);
                count++;
              }
            }
            double expected = pooling == PoolingType.MAX ? max : sum / count;
            assertThat(output.getDouble(n, c, y, x)).isCloseTo(expected, Offset.offset(tolerance));
          }
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "MAX, 3, 2, 0, false",
    "MAX, 2, 3, 1, false",
    "AVG, 3, 2, 1, true",
    "AVG, 3, 2, 1, false"
  })
  void gradientsEqualFiniteDifferences(
      PoolingType pooling, int kernel, int stride, int padding, boolean countPadding) {
    CeilModePooling.Builder builder = builder(pooling, kernel, stride, padding);
    builder.avgPoolIncludePadInDivisor(countPadding);
    ComputationGraph graph = SmallGraphs.classifier(builder.build(), image(), 4, DataType.DOUBLE);
    INDArray input = SmallGraphs.numbers(4, DataType.DOUBLE, 3, 3, HEIGHT, WIDTH);
    INDArray labels = SmallGraphs.oneHot(3, SmallGraphs.CLASSES, DataType.DOUBLE);
    FiniteDifferences.assertGradient(graph, new INDArray[] {input}, new INDArray[] {labels});
  }

  @Test
  void survivesJsonZipAndClone() {
    CeilModePooling.Builder builder = builder(PoolingType.AVG, 3, 2, 1);
    builder.avgPoolIncludePadInDivisor(true);
    ComputationGraph graph = SmallGraphs.classifier(builder.build(), image(), 4, DataType.FLOAT);
    SmallGraphs.assertRoundTrip(graph, SmallGraphs.numbers(6, DataType.FLOAT, 2, 3, HEIGHT, WIDTH));
    assertThat(builder.build()).isNotEqualTo(builder(PoolingType.AVG, 3, 2, 1).build());
  }

  @Test
  void refusesWhatItCannotCompute() {
    assertThatThrownBy(() -> builder(PoolingType.PNORM, 3, 2, 0).build())
        .isInstanceOf(DL4JInvalidConfigException.class)
        .hasMessageContaining("is MAX or AVG, not PNORM");
    assertThatThrownBy(() -> builder(PoolingType.MAX, 3, 2, 2).build())
        .hasMessageContaining("padding 2; it has to be at most half of the kernel, 3");
    CeilModePooling.Builder dilated = builder(PoolingType.AVG, 3, 2, 0);
    dilated.dilation(2, 2);
    assertThatThrownBy(dilated::build).hasMessageContaining("has no dilation");
    CeilModePooling.Builder same = builder(PoolingType.MAX, 3, 2, 0);
    same.convolutionMode(ConvolutionMode.Same);
    assertThatThrownBy(same::build).hasMessageContaining("convolution mode Same was given");
    CeilModePooling layer = builder(PoolingType.MAX, 3, 1, 0).build();
    InputType channelsLast = InputType.convolutional(HEIGHT, WIDTH, 3, CNN2DFormat.NHWC);
    assertThatThrownBy(() -> SmallGraphs.alone(layer, channelsLast, DataType.FLOAT))
        .hasMessageContaining("takes NCHW images");
    InputType tiny = InputType.convolutional(2, 6, 3);
    assertThatThrownBy(() -> SmallGraphs.alone(layer, tiny, DataType.FLOAT))
        .hasMessageContaining("leaves nothing of 2x6 pixels");
  }

  private static CeilModePooling.Builder builder(
      PoolingType pooling, int kernel, int stride, int padding) {
    CeilModePooling.Builder builder = new CeilModePooling.Builder(pooling);
    builder.kernelSize(kernel, kernel).stride(stride, stride).padding(padding, padding);
    return builder;
  }

  private static InputType image() {
    return InputType.convolutional(HEIGHT, WIDTH, 3);
  }
}
