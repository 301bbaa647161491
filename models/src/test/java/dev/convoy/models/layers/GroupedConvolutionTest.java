package dev.convoy.models.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.assertj.core.data.Offset;
import org.deeplearning4j.exception.DL4JInvalidConfigException;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.CacheMode;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.nn.conf.memory.MemoryType;
import org.deeplearning4j.nn.conf.memory.MemoryUseMode;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.Sgd;

class GroupedConvolutionTest {
  private static final int HEIGHT = 6;
  private static final int WIDTH = 7;

  @ParameterizedTest
  @CsvSource({
    "1, 4, 6, 3, 1, 1, 1, Truncate, DOUBLE",
    "2, 4, 6, 3, 1, 1, 1, Truncate, FLOAT",
    "2, 4, 6, 3, 2, 1, 1, Truncate, DOUBLE",
    "4, 4, 4, 3, 2, 0, 1, Truncate, DOUBLE",
    "3, 6, 9, 2, 2, 0, 2, Same, DOUBLE",
    "2, 4, 2, 3, 1, 2, 2, Truncate, DOUBLE",
    "2, 6, 4, 1, 2, 0, 1, Truncate, FLOAT",
  })
  void equalsTheSumsWrittenOut(
      int groups,
      int in,
      int out,
      int kernel,
      int stride,
      int padding,
      int dilation,
      ConvolutionMode mode,
      DataType type) {
    GroupedConvolution layer =
        builder(groups, out, kernel, stride, padding)
            .dilation(dilation, dilation)
            .convolutionMode(mode)
            .build();
    ComputationGraph graph = SmallGraphs.alone(layer, image(in), type);
    INDArray input = SmallGraphs.numbers(3, type, 2, in, HEIGHT, WIDTH);
    INDArray actual = graph.output(input)[0];
    INDArray weights = graph.getParam("layer_W");
    INDArray bias = graph.getParam("layer_b");
    assertThat(weights.shape()).containsExactly(out, in / groups, kernel, kernel);
    long outHeight = actual.size(2);
    int reach = dilation * (kernel - 1) + 1;
    int top = padding;
    int left = padding;
    if (mode == ConvolutionMode.Same) {
      top = (int) Math.max(0, (outHeight - 1) * stride + reach - HEIGHT) / 2;
      left = (int) Math.max(0, (actual.size(3) - 1) * stride + reach - WIDTH) / 2;
    } else {
      assertThat(outHeight).isEqualTo((HEIGHT + 2 * padding - reach) / stride + 1);
    }
    for (int n = 0; n < 2; n++) {
      for (int o = 0; o < out; o++) {
        int firstChannel = o / (out / groups) * (in / groups);
        for (int y = 0; y < outHeight; y++) {
          for (int x = 0; x < actual.size(3); x++) {
            double sum = bias.getDouble(o);
            for (int c = 0; c < in / groups; c++) {
              for (int i = 0; i < kernel; i++) {
                for (int j = 0; j < kernel; j++) {
                  int row = y * stride - top + i * dilation;
                  int column = x * stride - left + j * dilation;
                  if (row >= 0 && row < HEIGHT && column >= 0 && column < WIDTH) {
                    sum +=
                        weights.getDouble(o, c, i, j)
                            * input.getDouble(n, firstChannel + c, row, column);
                  }
                }
              }
            }
            assertThat(actual.getDouble(n, o, y, x))
                .isCloseTo(sum, Offset.offset(type == DataType.DOUBLE ? 1e-12 : 1e-5));
          }
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"2, 3, 1, 1", "4, 3, 2, 0", "1, 2, 2, 1", "2, 1, 1, 0"})
  void gradientsEqualFiniteDifferences(int groups, int kernel, int stride, int padding) {
    GroupedConvolution layer = builder(groups, 8, kernel, stride, padding).build();
    assertGradient(layer);
  }

  @Test
  void gradientsAreRightWithAnActivationAndWithoutBias() {
    assertGradient(builder(2, 8, 3, 1, 1).activation(Activation.TANH).build());
    assertGradient(builder(2, 8, 3, 1, 1).hasBias(false).build());
    assertGradient(
        builder(2, 8, 3, 2, 0).dilation(2, 1).convolutionMode(ConvolutionMode.Same).build());
  }

  private static void assertGradient(GroupedConvolution layer) {
    ComputationGraph graph = SmallGraphs.classifier(layer, image(3), 4, DataType.DOUBLE);
    INDArray input = SmallGraphs.numbers(4, DataType.DOUBLE, 3, 3, HEIGHT, WIDTH);
    INDArray labels = SmallGraphs.oneHot(3, SmallGraphs.CLASSES, DataType.DOUBLE);
    FiniteDifferences.assertGradient(graph, new INDArray[] {input}, new INDArray[] {labels});
  }

  @Test
  void withOneGroupItIsDl4jsConvolution() {
    ConvolutionLayer plain = new ConvolutionLayer.Builder(3, 3).nOut(6).stride(2, 2).build();
    INDArray input = SmallGraphs.numbers(5, DataType.DOUBLE, 3, 3, HEIGHT, WIDTH);
    DataSet data = new DataSet(input, SmallGraphs.oneHot(3, SmallGraphs.CLASSES, DataType.DOUBLE));
    ComputationGraph stock = SmallGraphs.classifier(plain, image(3), 4, DataType.DOUBLE);
    ComputationGraph ours =
        SmallGraphs.classifier(builder(1, 6, 3, 2, 0).build(), image(3), 4, DataType.DOUBLE);
    for (int step = 0; step < 3; step++) {
      stock.fit(data);
      ours.fit(data);
    }
    assertThat(ours.params().equalsWithEps(stock.params(), 1e-12)).isTrue();
    assertThat(ours.score()).isCloseTo(stock.score(), Offset.offset(1e-12));
  }

  @Test
  void survivesJsonZipAndClone() {
    GroupedConvolution layer =
        builder(2, 8, 3, 2, 1).dilation(1, 2).hasBias(false).activation(Activation.RELU).build();
    ComputationGraph graph = SmallGraphs.classifier(layer, image(3), 4, DataType.FLOAT);
    INDArray input = SmallGraphs.numbers(6, DataType.FLOAT, 2, 3, HEIGHT, WIDTH);
    SmallGraphs.assertRoundTrip(graph, input);
    assertThat(layer).isNotEqualTo(builder(4, 8, 3, 2, 1).build());
    assertThat(layer.clone()).isEqualTo(layer);
  }

  @Test
  void itsMemoryReportCountsItsParametersAndPatches() {
    GroupedConvolution layer =
        builder(2, 8, 3, 1, 1).convolutionMode(ConvolutionMode.Truncate).build();
    layer.setNIn(image(4), true);
    layer.setIUpdater(new Sgd(0.1));
    var report = layer.getMemoryReport(image(4));
    assertThat(bytes(report, MemoryType.PARAMETERS)).isEqualTo(4 * (8 * 2 * 9 + 8));
    assertThat(bytes(report, MemoryType.ACTIVATIONS)).isEqualTo(4 * 16 * 8 * HEIGHT * WIDTH);
    // The patches of one image and of its gradient, whatever the batch.
    assertThat(bytes(report, MemoryType.WORKING_MEMORY_FIXED))
        .isEqualTo(4 * 2 * 4 * 9 * HEIGHT * WIDTH);
    assertThat(bytes(report, MemoryType.WORKING_MEMORY_VARIABLE)).isZero();
  }

  private static long bytes(LayerMemoryReport report, MemoryType type) {
    return report.getMemoryBytes(type, 16, MemoryUseMode.TRAINING, CacheMode.NONE, DataType.FLOAT);
  }

  @Test
  void refusesWhatItCannotCompute() {
    assertThatThrownBy(
            () -> SmallGraphs.alone(builder(2, 4, 3, 1, 1).build(), image(3), DataType.FLOAT))
        .isInstanceOf(DL4JInvalidConfigException.class)
        .hasMessageContaining("3 input channels, which 2 groups do not divide");
    assertThatThrownBy(() -> builder(2, 5, 3, 1, 1).build())
        .hasMessageContaining("5 output channels, which 2 groups do not divide");
    assertThatThrownBy(() -> builder(0, 4, 3, 1, 1)).hasMessageContaining("groups is 0");
    InputType channelsLast = InputType.convolutional(HEIGHT, WIDTH, 4, CNN2DFormat.NHWC);
    assertThatThrownBy(
            () -> SmallGraphs.alone(builder(2, 4, 3, 1, 1).build(), channelsLast, DataType.FLOAT))
        .hasMessageContaining("takes NCHW images, not NHWC");
  }

  private static GroupedConvolution.Builder builder(
      int groups, int out, int kernel, int stride, int padding) {
    return new GroupedConvolution.Builder(groups, kernel, kernel)
        .nOut(out)
        .stride(stride, stride)
        .padding(padding, padding);
  }

  private static InputType image(int channels) {
    return InputType.convolutional(HEIGHT, WIDTH, channels);
  }
}
