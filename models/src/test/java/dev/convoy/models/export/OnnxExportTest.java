package dev.convoy.models.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.convoy.models.Architecture;
import dev.convoy.models.InputShape;
import dev.convoy.models.ModelRegistry;
import dev.convoy.models.ModelSpec;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import onnx.Onnx.ModelProto;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What ONNX Runtime computes is what the engine computes. */
class OnnxExportTest {
  private static final double TOLERANCE = 1e-4;
  private static final ModelRegistry REGISTRY = ModelRegistry.standard();

  static Stream<String> names() {
    return REGISTRY.all().stream().map(Architecture::name);
  }

  static List<String> shallow() {
    return ExportNetworks.shallow();
  }

  static List<String> deep() {
    return ExportNetworks.deep();
  }

  @ParameterizedTest
  @MethodSource("shallow")
  void everyModelAnswersTheSame(String name) throws OrtException {
    check(ExportNetworks.narrow(name), 3);
  }

  @ParameterizedTest
  @Tag("full")
  @MethodSource("deep")
  void everyDeepModelAnswersTheSame(String name) throws OrtException {
    check(ExportNetworks.narrow(name), 3);
  }

  @ParameterizedTest
  @Tag("full")
  @MethodSource("names")
  void everyModelAsPublishedAnswersTheSame(String name) throws OrtException {
    check(REGISTRY.defaultSpec(name), 2);
  }

  private static void check(ModelSpec spec, int examples) throws OrtException {
    float[] images = ExportNetworks.images(spec, examples);
    TrainedNetwork network = ExportNetworks.filled(spec, images, examples);
    float[] expected = ExportNetworks.probabilities(network, images, examples);
    float[] probabilities;
    float[] logits;
    try (OnnxSession session = new OnnxSession(ExportFormat.ONNX.export(network).content())) {
      probabilities = session.run("probabilities", spec.input(), images, examples);
      logits = session.run("logits", spec.input(), images, examples);
      // Any batch: the first image alone.
      float[] first = Arrays.copyOf(images, spec.input().values());
      assertThat(session.run("logits", spec.input(), first, 1))
          .containsExactly(Arrays.copyOf(logits, spec.classes()), within((float) TOLERANCE));
    }
    assertThat(probabilities).hasSameSizeAs(expected);
    double[] logSoftmax = LogSoftmax.rows(logits, spec.classes());
    for (int i = 0; i < expected.length; i++) {
      assertThat((double) probabilities[i]).isCloseTo(expected[i], within(TOLERANCE));
      assertThat(logSoftmax[i]).isCloseTo(Math.log(expected[i]), within(TOLERANCE));
    }
  }

  @Test
  void saysWhatGoesInAndComesOut() throws Exception {
    ModelSpec spec = new ModelSpec("googlenet", Map.of(), new InputShape(3, 64, 48), 7);
    TrainedNetwork network =
        ExportNetworks.network(spec, new float[ExportNetworks.layout(spec).length()]);
    ExportedFile file = ExportFormat.ONNX.export(network);
    try (OnnxSession opened = new OnnxSession(file.content())) {
      OrtSession session = opened.session();
      assertThat(session.getInputInfo().keySet()).containsExactly("input");
      assertThat(session.getOutputInfo().keySet()).containsExactly("probabilities", "logits");
      var input = (TensorInfo) session.getInputInfo().get("input").getInfo();
      assertThat(input.getShape()).containsExactly(-1, 3, 64, 48);
      var logits = (TensorInfo) session.getOutputInfo().get("logits").getInfo();
      assertThat(logits.getShape()).containsExactly(-1, 7);
      Map<String, String> metadata = session.getMetadata().getCustomMetadata();
      ObjectMapper json = new ObjectMapper();
      assertThat(json.readTree(metadata.get("classes")))
          .isEqualTo(json.valueToTree(network.classes()));
      assertThat(json.readTree(metadata.get("mean"))).isEqualTo(json.valueToTree(network.mean()));
      assertThat(json.readTree(metadata.get("std"))).isEqualTo(json.valueToTree(network.std()));
      assertThat(metadata)
          .containsEntry("model", "googlenet")
          .containsEntry("channel_order", "RGB");
    }
    assertThat(file.details()).containsEntry("opset", 13L);
  }

  /** What is written piece by piece is what protobuf itself would write. */
  @ParameterizedTest
  @ValueSource(strings = {"lenet", "googlenet", "resnet20_cifar"})
  void isProtobufsOwnEncodingWithoutAuxiliaryHeads(String name) throws Exception {
    ModelSpec spec = ExportNetworks.narrow(name);
    float[] images = ExportNetworks.images(spec, 1);
    TrainedNetwork network = ExportNetworks.filled(spec, images, 1);
    byte[] file = ExportFormat.ONNX.export(network).content();
    ModelProto parsed = ModelProto.parseFrom(file);
    assertThat(parsed.toByteArray()).isEqualTo(file);
    assertThat(ExportFormat.ONNX.export(network).content()).isEqualTo(file);
    assertThat(parsed.getGraph().getInitializerList())
        .noneMatch(tensor -> tensor.getName().startsWith("aux"));
    assertThat(parsed.getOpsetImport(0).getVersion()).isEqualTo(13);
  }
}
