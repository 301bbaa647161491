package dev.convoy.models.engine.dl4j;

import dev.convoy.models.engine.ir.Shape;
import dev.convoy.models.layers.AdaptiveAveragePooling;
import dev.convoy.models.layers.CeilModePooling;
import dev.convoy.models.layers.GroupedConvolution;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Convolution2D;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Pooling2D;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.impl.ActivationTanH;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nesterovs;

/**
 * Small graphs whose convolutions and poolings have the settings that {@link GraphCases} have not:
 * modes, dilations, groups, and windows that differ from one another.
 */
final class WindowCases extends CaseBuilder {
  private WindowCases(long seed, Shape example, InputType type, IUpdater updater) {
    super(seed, example, type, updater);
  }

  /** One of each, drawn anew for each seed. */
  static Stream<GraphCase> all(long seed) {
    Random random = new Random(seed);
    return Stream.<Function<WindowCases, GraphCase>>of(
            WindowCases::otherClasses,
            WindowCases::strictModes,
            WindowCases::dilatedConvolutions,
            WindowCases::dilatedMaxima,
            WindowCases::dilatedAverages,
            WindowCases::groups,
            WindowCases::sameGroups,
            WindowCases::adaptiveAverages,
            WindowCases::ceilModeAverages)
        .map(build -> build.apply(drawn(random)));
  }

  private static WindowCases drawn(Random random) {
    Shape image = drawnImage(random);
    return new WindowCases(random.nextLong(), image, typeOf(image), new Nesterovs(0.01, 0.9));
  }

  /** DL4J's other names for convolutions and poolings are classes without builders. */
  private GraphCase otherClasses() {
    Convolution2D convolution = new Convolution2D();
    convolution.setKernelSize(new int[] {3, 2});
    convolution.setStride(new int[] {1 + random.nextInt(2), 1});
    convolution.setPadding(new int[] {1, random.nextInt(2)});
    convolution.setNOut(channels());
    convolution.setBiasInit(0.1);
    convolution.setActivationFn(new ActivationTanH());
    add(convolution);
    add(pooling2D(PoolingType.MAX));
    add(pooling2D(PoolingType.AVG));
    return classifier("Convolution2D and Pooling2D", 4);
  }

  private static Pooling2D pooling2D(PoolingType kind) {
    Pooling2D pool = new Pooling2D();
    pool.setPoolingType(kind);
    pool.setKernelSize(new int[] {2, 3});
    pool.setStride(new int[] {1, 2});
    pool.setPadding(new int[] {0, 1});
    pool.setAvgPoolIncludePadInDivisor(false);
    return pool;
  }

  /** Strict wants windows that end at the border: of 2 or 3 pixels where the stride is 2. */
  private GraphCase strictModes() {
    int height = example.get(1);
    int width = example.get(2);
    add(
        new ConvolutionLayer.Builder(2 + height % 2, 2 + width % 2)
            .stride(2, 2)
            .convolutionMode(ConvolutionMode.Strict)
            .nOut(channels())
            .activation(Activation.TANH)
            .build());
    PoolingType kind = random.nextBoolean() ? PoolingType.MAX : PoolingType.AVG;
    add(
        new SubsamplingLayer.Builder(kind)
            .kernelSize(2 + height / 2 % 2, 2 + width / 2 % 2)
            .stride(2, 2)
            .convolutionMode(ConvolutionMode.Strict)
            .build());
    return classifier("strict modes", 3);
  }

  private GraphCase dilatedConvolutions() {
    add(convolution(3, 1, 2).dilation(2, 2).build());
    add(
        convolution(3, 2, 0)
            .dilation(2, 2)
            .convolutionMode(ConvolutionMode.Same)
            .activation(Activation.TANH)
            .build());
    add(convolution(3, 1, 1).dilation(1, 2).build());
    return classifier("dilated convolutions", 4);
  }

  private GraphCase dilatedMaxima() {
    add(convolution(3, 1, 1).build());
    add(pool(PoolingType.MAX, 2, 1, 0).dilation(2, 3).build());
    add(convolution(1, 1, 0).build()); // two windows may have had one maximum
    add(pool(PoolingType.MAX, 3, 1, 1).dilation(2, 2).build());
    add(convolution(1, 1, 0).build());
    CeilModePooling.Builder overhanging = ceilMode(SubsamplingLayer.PoolingType.MAX, 2, 2, 0);
    overhanging.dilation(2, 2);
    add(overhanging.build());
    return classifier("dilated maxima", 3);
  }

  private GraphCase dilatedAverages() {
    add(convolution(3, 1, 1).build());
    add(pool(PoolingType.AVG, 3, 1, 1).dilation(2, 2).build());
    add(pool(PoolingType.AVG, 2, 2, 1).dilation(3, 2).avgPoolIncludePadInDivisor(true).build());
    return classifier("dilated averages", 3);
  }

  /** With strides and dilation, then as many groups as channels. */
  private GraphCase groups() {
    int groups = 2 + random.nextInt(3);
    add(convolution(1, 1, 0).nOut(groups * channelsOfGroup()).build());
    int channels = groups * channelsOfGroup();
    add(
        new GroupedConvolution.Builder(groups, 3, 3)
            .stride(2, 1)
            .dilation(1, 2)
            .padding(1, 2)
            .nOut(channels)
            .activation(Activation.RELU)
            .build());
    add(new GroupedConvolution.Builder(channels, 2, 2).nOut(2 * channels).build());
    return classifier("groups", 4);
  }

  private GraphCase sameGroups() {
    int groups = 2 + random.nextInt(3);
    add(convolution(1, 1, 0).nOut(groups * channelsOfGroup()).build());
    add(
        new GroupedConvolution.Builder(groups, 3, 3)
            .stride(2, 2)
            .convolutionMode(ConvolutionMode.Same)
            .nOut(groups * channelsOfGroup())
            .hasBias(false)
            .build());
    add(
        new GroupedConvolution.Builder(groups, 3, 2)
            .dilation(2, 1)
            .convolutionMode(ConvolutionMode.Same)
            .nOut(groups * channelsOfGroup())
            .activation(Activation.TANH)
            .build());
    return classifier("same groups", 4);
  }

  /** Fewer than a backend likes to have in a group, and as many. */
  private int channelsOfGroup() {
    return List.of(1, 3, 8, 16).get(random.nextInt(4));
  }

  /** To fewer pixels than there are, in windows that overlap or do not, and to more. */
  private GraphCase adaptiveAverages() {
    add(convolution(3, 1, 1).build());
    add(new AdaptiveAveragePooling(5, 4));
    add(convolution(1, 1, 0).activation(Activation.TANH).build());
    add(new AdaptiveAveragePooling(5, 2));
    add(convolution(1, 1, 0).build());
    add(new AdaptiveAveragePooling(7, 3));
    return classifier("adaptive averages", 4);
  }

  /** Padding counts in the divisor. */
  private GraphCase ceilModeAverages() {
    add(convolution(3, 1, 1).build());
    add(countingPadding(3, 1, 1));
    add(countingPadding(2, 2, 1));
    add(countingPadding(2, 2, 0));
    return classifier("ceil-mode averages", 3);
  }

  private static CeilModePooling countingPadding(int kernel, int stride, int padding) {
    CeilModePooling.Builder pool =
        ceilMode(SubsamplingLayer.PoolingType.AVG, kernel, stride, padding);
    pool.avgPoolIncludePadInDivisor(true);
    return pool.build();
  }
}
