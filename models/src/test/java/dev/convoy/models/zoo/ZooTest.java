package dev.convoy.models.zoo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.models.Architecture;
import dev.convoy.models.Dropouts;
import dev.convoy.models.InputShape;
import dev.convoy.models.ModelRegistry;
import dev.convoy.models.ModelSpec;
import dev.convoy.models.SettledStates;
import dev.convoy.models.safetensors.SafetensorsFile;
import dev.convoy.models.state.ParameterLayout;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Collections;
import java.util.Map;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * What holds for every entry of the registry, and the forms of some, on DL4J's own layers; what
 * holds for it on the engine is {@code EngineZooTest}'s. Widths are a quarter, so that all of it
 * can be run.
 */
class ZooTest {
  private static final ModelRegistry REGISTRY = ModelRegistry.standard();

  private static final int STEPS_TO_STATISTICS = 5; // of 0.9: 41% of them are the batch's

  static Stream<String> quick() {
    return NarrowModels.quickAndForms();
  }

  static Stream<String> large() {
    return NarrowModels.large();
  }

  @AfterEach
  void freeWorkspaces() {
    Nd4j.getWorkspaceManager().destroyAllWorkspacesForCurrentThread();
  }

  @ParameterizedTest
  @MethodSource("quick")
  void givesEveryParameterAGradient(String name) {
    checkGradients(name);
  }

  @ParameterizedTest
  @Tag("full")
  @MethodSource("large")
  void largeOnesGiveEveryParameterAGradient(String name) {
    checkGradients(name);
  }

  @ParameterizedTest
  @MethodSource("quick")
  void isSavedAndLoadedExactly(String name) throws IOException {
    checkSaving(name);
  }

  @ParameterizedTest
  @Tag("full")
  @MethodSource("large")
  void largeOnesAreSavedAndLoadedExactly(String name) throws IOException {
    checkSaving(name);
  }

  /** An odd size, nothing but numbers. With dropout a gradient may be missing by chance. */
  private static void checkGradients(String name) {
    ModelSpec spec = odd(name);
    ComputationGraph graph = REGISTRY.build(spec, 5);
    INDArray input = images(spec, 4);
    assertThat(graph.output(input)[0].shape()).containsExactly(4, 3);
    Dropouts.switchOff(graph);
    INDArray labels = Nd4j.eye(3).castTo(DataType.FLOAT).get(Nd4j.createFromArray(0, 1, 2, 0));
    graph.setInputs(input);
    graph.setLabels(
        Collections.nCopies(graph.getNumOutputArrays(), labels).toArray(INDArray[]::new));
    graph.computeGradientAndScore();
    assertThat(graph.score()).isBetween(0.1, 30.0);
    float[] gradient = graph.getGradientsViewArray().dup().data().asFloat();
    for (var slot : ParameterLayout.of(graph).slots()) {
      double norm = 0;
      for (int i = slot.offset(); i < slot.offset() + slot.length(); i++) {
        norm += (double) gradient[i] * gradient[i];
      }
      assertThat(norm).as(slot.name()).isPositive().isFinite();
    }
    close(graph);
  }

  /** JSON, DL4J's zip and tensors by name. */
  private static void checkSaving(String name) throws IOException {
    ModelSpec spec = odd(name);
    ComputationGraph graph = REGISTRY.buildEmpty(spec);
    float[] start = SettledStates.of(spec, 5, STEPS_TO_STATISTICS).parameters();
    graph.params().assign(Nd4j.createFromArray(new float[][] {start}));
    INDArray input = images(spec, 2);
    INDArray output = graph.output(input)[0];
    assertThat(output.isNaN().any()).isFalse();

    // Of an initialised graph: DL4J reads from its variables whether a norm keeps the variance.
    String json = graph.getConfiguration().toJson();
    var read = ComputationGraphConfiguration.fromJson(json);
    assertThat(read).isEqualTo(graph.getConfiguration());
    assertThat(read.toJson()).isEqualTo(json);

    ByteArrayOutputStream zip = new ByteArrayOutputStream();
    ModelSerializer.writeModel(graph, zip, false);
    ComputationGraph unzipped =
        ModelSerializer.restoreComputationGraph(new ByteArrayInputStream(zip.toByteArray()));
    assertThat(unzipped.params()).isEqualTo(graph.params());
    assertThat(unzipped.output(input)[0]).isEqualTo(output);
    close(unzipped);

    ParameterLayout layout = ParameterLayout.of(graph);
    float[] flat = graph.params().dup().data().asFloat();
    byte[] file = SafetensorsFile.write(layout.tensors(flat), Map.of());
    ComputationGraph filled = REGISTRY.buildEmpty(spec);
    filled
        .params()
        .assign(
            Nd4j.createFromArray(
                new float[][] {layout.flat(SafetensorsFile.read(file).tensors())}));
    assertThat(filled.output(input)[0]).isEqualTo(output);
    close(filled);
    close(graph);
  }

  private static ModelSpec odd(String name) {
    Architecture architecture = NarrowModels.architecture(name);
    int side = Math.max(architecture.smallestSide(NarrowModels.published(name)), 8);
    return NarrowModels.of(name, new InputShape(2, side, side + 1), 3);
  }

  private static INDArray images(ModelSpec spec, int examples) {
    InputShape input = spec.input();
    Nd4j.getRandom().setSeed(3);
    return Nd4j.rand(DataType.FLOAT, examples, input.channels(), input.height(), input.width())
        .subi(0.5)
        .muli(4);
  }

  private static void close(ComputationGraph graph) {
    graph.close();
    graph.params().close();
  }
}
