package dev.convoy.models.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.convoy.models.InputShape;
import dev.convoy.models.ModelSpec;
import dev.convoy.models.safetensors.SafetensorsFile;
import dev.convoy.models.state.NamedTensor;
import dev.convoy.models.zoo.GoldenNetwork;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The exported tensors are torchvision's {@code state_dict}. */
class StateDictTest {
  private static final Path PYTHON = Path.of("/usr/bin/python3");
  private static final int EXAMPLES = 2;

  @TempDir private Path folder;

  /** The reference files hold the names and shapes of PyTorch's own. */
  @ParameterizedTest
  @ValueSource(strings = {"resnet50", "resnext50_32x4d", "googlenet", "densenet121"})
  void hasPyTorchsNamesAndShapes(String name) {
    GoldenNetwork golden = GoldenNetwork.load(name);
    ModelSpec spec = golden.spec();
    TrainedNetwork network =
        ExportNetworks.network(spec, new float[ExportNetworks.layout(spec).length()]);
    SafetensorsFile file = SafetensorsFile.read(ExportFormat.SAFETENSORS.export(network).content());
    Map<String, String> expected = new TreeMap<>();
    JsonNode json = golden.json();
    json.get("parameters").fields().forEachRemaining(e -> expected.put(e.getKey(), "parameter"));
    json.get("train")
        .get("running_after_one_step")
        .fields()
        .forEachRemaining(e -> expected.put(e.getKey(), "statistic"));
    assertThat(file.tensors().keySet()).isEqualTo(expected.keySet());
    json.get("parameters")
        .fields()
        .forEachRemaining(
            e -> assertThat(file.tensors().get(e.getKey()).shape()).isEqualTo(ints(e.getValue())));
  }

  private static int[] ints(JsonNode list) {
    return new ObjectMapper().convertValue(list, int[].class);
  }

  @Test
  void holdsTheParametersAndSaysWhatTheyAre() throws Exception {
    ModelSpec spec =
        new ModelSpec("resnet20_cifar", Map.of("width", 4), new InputShape(3, 8, 9), 5);
    float[] images = ExportNetworks.images(spec, 1);
    TrainedNetwork network = ExportNetworks.filled(spec, images, 1);
    byte[] content = ExportFormat.SAFETENSORS.export(network).content();
    SafetensorsFile file = SafetensorsFile.read(content);
    Map<String, NamedTensor> tensors = ExportNetworks.layout(spec).tensors(network.parameters());
    assertThat(file.tensors()).isEqualTo(tensors);
    assertThat(file.metadata())
        .containsEntry("format", "pt")
        .containsEntry("model", "resnet20_cifar")
        .containsEntry("arguments", "{\"width\":4}")
        .containsEntry("input", "[3,8,9]")
        .containsEntry("channel_order", "RGB")
        .containsEntry("mean", "[0.485,0.456,0.406]")
        .containsEntry("std", "[0.229,0.224,0.225]");
    ObjectMapper json = new ObjectMapper();
    assertThat(json.readTree(file.metadata().get("classes")))
        .isEqualTo(json.valueToTree(network.classes()));
    assertThat(SafetensorsFile.write(file.tensors(), file.metadata())).isEqualTo(content);
  }

  @ParameterizedTest
  @CsvSource({"resnet50, 64", "googlenet, 64"})
  void torchvisionLoadsItAndAnswersTheSame(String name, int side) throws Exception {
    check(name, side);
  }

  @Test
  void torchvisionAnswersTheSameForAResNetThatCameFromKeras() throws Exception {
    check("resnet50", 64, Map.of("stride_in_1x1", 1, "norm_epsilon", 1e-3));
  }

  @ParameterizedTest
  @Tag("full")
  @CsvSource({
    "densenet121, 64",
    "vgg11, 64",
    "vgg16, 64",
    "alexnet, 96",
    "resnext50_32x4d, 64",
    "resnet18, 64",
    "resnet34, 64"
  })
  void torchvisionLoadsTheOthers(String name, int side) throws Exception {
    check(name, side);
  }

  private void check(String name, int side) throws Exception {
    check(name, side, Map.of());
  }

  private void check(String name, int side, Map<String, Object> arguments) throws Exception {
    assumeTrue(
        Files.isExecutable(PYTHON) && run("-c", "import torch, torchvision, numpy") == 0,
        "Debian's python3-torchvision is not here");
    ModelSpec spec = new ModelSpec(name, arguments, new InputShape(3, side, side), 10);
    float[] images = ExportNetworks.images(spec, EXAMPLES);
    TrainedNetwork network = ExportNetworks.filled(spec, images, EXAMPLES);
    Files.write(
        folder.resolve(name + ".safetensors"), ExportFormat.SAFETENSORS.export(network).content());
    ByteBuffer input =
        ByteBuffer.allocate(images.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    input.asFloatBuffer().put(images);
    Files.write(folder.resolve(name + ".input"), input.array());
    Path script = Path.of(getClass().getResource("/export/load_state_dict.py").toURI());
    int code = run(script.toString(), name + ":" + folder.resolve(name) + ":" + side);
    assertThat(code).as(Files.readString(folder.resolve("python.log"))).isZero();
    ByteBuffer output =
        ByteBuffer.wrap(Files.readAllBytes(folder.resolve(name + ".output")))
            .order(ByteOrder.LITTLE_ENDIAN);
    float[] logits = new float[output.remaining() / Float.BYTES];
    output.asFloatBuffer().get(logits);
    double[] logSoftmax = LogSoftmax.rows(logits, spec.classes());
    float[] expected = ExportNetworks.probabilities(network, images, EXAMPLES);
    assertThat(logSoftmax).hasSameSizeAs(expected);
    for (int i = 0; i < expected.length; i++) {
      assertThat(logSoftmax[i]).isCloseTo(Math.log(expected[i]), within(1e-4));
    }
  }

  private int run(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of(PYTHON.toString()));
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("python.log").toFile())
            .start();
    assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
    return process.exitValue();
  }
}
