package dev.convoy.models.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.SplittableRandom;
import org.deeplearning4j.exception.DL4JInvalidConfigException;
import org.deeplearning4j.exception.DL4JInvalidInputException;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;

class InputNormalizationTest {
  private static final double[] MEAN = {0.485, 0.456};
  private static final double[] STD = {0.229, 0.224};
  private static final InputType BYTES = InputType.convolutional(3, 4, 2, CNN2DFormat.NHWC);

  @ParameterizedTest
  @EnumSource(
      value = DataType.class,
      names = {"FLOAT", "DOUBLE"})
  void equalsTwoRoundingsInFloat32(DataType type) {
    ComputationGraph graph = SmallGraphs.alone(new InputNormalization(MEAN, STD), BYTES, type);
    INDArray bytes = bytes(5, 2, 3, 4, 2);
    INDArray output = graph.output(bytes)[0];
    assertThat(output.shape()).containsExactly(2, 2, 3, 4);
    assertThat(output.dataType()).isEqualTo(type);
    for (int n = 0; n < 2; n++) {
      for (int c = 0; c < 2; c++) {
        float scale = (float) (1 / (255 * STD[c]));
        float shift = (float) (-MEAN[c] / STD[c]);
        for (int y = 0; y < 3; y++) {
          for (int x = 0; x < 4; x++) {
            float product = bytes.getInt(n, y, x, c) * scale;
            assertThat(output.getFloat(n, c, y, x)).isEqualTo(product + shift);
            double exact = (bytes.getInt(n, y, x, c) / 255.0 - MEAN[c]) / STD[c];
            assertThat(Math.abs(output.getDouble(n, c, y, x) - exact)).isLessThan(1e-6);
          }
        }
      }
    }
    // The same numbers in the network's own type.
    assertThat(graph.output(bytes.castTo(type))[0]).isEqualTo(output);
  }

  @Test
  void aGraphTrainsOnBytes() {
    ComputationGraph graph = classifier();
    INDArray bytes = bytes(6, 16, 3, 4, 2);
    // Class 1 is the brighter half in channel 0.
    INDArray labels = Nd4j.zeros(DataType.FLOAT, 16, 2);
    for (int n = 0; n < 16; n++) {
      int brightness = 0;
      for (int pixel = 0; pixel < 12; pixel++) {
        brightness += bytes.getInt(n, pixel / 4, pixel % 4, 0);
      }
      labels.putScalar(n, brightness > 12 * 127 ? 1 : 0, 1);
    }
    assertThat(labels.sum(0).minNumber().intValue()).isGreaterThan(3);
    DataSet data = new DataSet(bytes, labels);
    double before = graph.score(data);
    for (int step = 0; step < 100; step++) {
      graph.fit(data);
    }
    assertThat(bytes.dataType()).isEqualTo(DataType.UINT8);
    assertThat(graph.score(data)).isLessThan(before / 3);
    SmallGraphs.assertRoundTrip(graph, bytes);
  }

  private static ComputationGraph classifier() {
    ComputationGraph graph =
        new ComputationGraph(
            new NeuralNetConfiguration.Builder()
                .seed(3)
                .updater(new Sgd(0.5))
                .graphBuilder()
                .addInputs("input")
                .setInputTypes(BYTES)
                .addLayer("normalize", new InputNormalization(MEAN, STD), "input")
                .addLayer(
                    "conv",
                    new ConvolutionLayer.Builder(2, 2).nOut(4).activation(Activation.TANH).build(),
                    "normalize")
                .addLayer("pool", new GlobalPoolingLayer(PoolingType.AVG), "conv")
                .addLayer(
                    "out",
                    new OutputLayer.Builder(SmoothedCrossEntropy.of(0))
                        .nOut(2)
                        .activation(Activation.SOFTMAX)
                        .build(),
                    "pool")
                .setOutputs("out")
                .build());
    graph.init();
    return graph;
  }

  @Test
  void refusesWhatItCannotCompute() {
    assertThatThrownBy(() -> new InputNormalization(MEAN, new double[] {1}))
        .isInstanceOf(DL4JInvalidConfigException.class)
        .hasMessageContaining("2 means and 1 standard deviations");
    assertThatThrownBy(() -> new InputNormalization(MEAN, new double[] {0.2, 0}))
        .hasMessageContaining("channel 1 has mean 0.456 and standard deviation 0.0");
    InputNormalization layer = new InputNormalization(MEAN, STD);
    for (InputType wrong :
        new InputType[] {
          InputType.convolutional(3, 4, 2),
          InputType.convolutional(3, 4, 3, CNN2DFormat.NHWC),
          InputType.feedForward(24)
        }) {
      assertThatThrownBy(() -> SmallGraphs.alone(layer, wrong, DataType.FLOAT))
          .hasMessageContaining("takes NHWC images with 2 channels");
    }
    ComputationGraph graph = SmallGraphs.alone(layer, BYTES, DataType.FLOAT);
    assertThatThrownBy(() -> graph.output(bytes(1, 2, 2, 3, 4)))
        .isInstanceOf(DL4JInvalidInputException.class)
        .hasMessageContaining("[batch, height, width, 2], not [2, 2, 3, 4]");
  }

  private static INDArray bytes(long seed, int... shape) {
    SplittableRandom random = new SplittableRandom(seed);
    INDArray bytes =
        Nd4j.createUninitialized(DataType.UINT8, shape[0], shape[1], shape[2], shape[3]);
    for (int i = 0; i < bytes.length(); i++) {
      bytes.putScalar(i, random.nextInt(256));
    }
    return bytes;
  }
}
