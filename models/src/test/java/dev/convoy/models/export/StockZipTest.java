package dev.convoy.models.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.convoy.models.InputShape;
import dev.convoy.models.InvalidModelException;
import dev.convoy.models.ModelRegistry;
import dev.convoy.models.ModelSpec;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a JVM with DL4J and without Convoy computes from the zip is what the engine computes. */
class StockZipTest {
  private static final double TOLERANCE = 1e-5;
  private static final int EXAMPLES = 2;
  private static final ModelRegistry REGISTRY = ModelRegistry.standard();

  @TempDir private Path folder;

  @Test
  void stockDl4jAnswersTheSameForEveryModel() throws Exception {
    check(narrow(ExportNetworks.shallow()));
  }

  @Test
  @Tag("full")
  void stockDl4jAnswersTheSameForEveryDeepModel() throws Exception {
    check(narrow(ExportNetworks.deep()));
  }

  private static Map<String, ModelSpec> narrow(List<String> names) {
    Map<String, ModelSpec> specs = new LinkedHashMap<>();
    names.forEach(name -> specs.put(name, ExportNetworks.narrow(name)));
    return specs;
  }

  @Test
  @Tag("full")
  void stockDl4jAnswersTheSameForModelsAsPublished() throws Exception {
    for (String name :
        List.of("lenet", "resnet50", "resnext50_32x4d", "googlenet", "densenet121", "vgg16")) {
      check(Map.of(name, REGISTRY.defaultSpec(name)));
    }
  }

  private void check(Map<String, ModelSpec> specs) throws Exception {
    Map<String, float[]> expected = new LinkedHashMap<>();
    for (Map.Entry<String, ModelSpec> entry : specs.entrySet()) {
      expected.put(entry.getKey(), write(entry.getKey(), entry.getValue()));
    }
    read(expected.keySet());
    for (Map.Entry<String, float[]> entry : expected.entrySet()) {
      ByteBuffer output =
          ByteBuffer.wrap(Files.readAllBytes(folder.resolve(entry.getKey() + ".output")));
      float[] found = new float[output.remaining() / Float.BYTES];
      output.asFloatBuffer().get(found);
      assertThat(found)
          .as(entry.getKey())
          .containsExactly(entry.getValue(), within((float) TOLERANCE));
    }
  }

  /** Zip and pixels of 0 to 255; what the engine answers to them. */
  private float[] write(String name, ModelSpec spec) throws IOException {
    float[] images = ExportNetworks.images(spec, EXAMPLES);
    TrainedNetwork network = ExportNetworks.filled(spec, images, EXAMPLES);
    ExportedFile file = ExportFormat.DL4J.export(network);
    Files.write(folder.resolve(name + ".zip"), file.content());
    InputShape shape = spec.input();
    ByteBuffer pixels = ByteBuffer.allocate(4 * Integer.BYTES + images.length * Float.BYTES);
    pixels.putInt(EXAMPLES).putInt(shape.channels()).putInt(shape.height()).putInt(shape.width());
    int plane = shape.height() * shape.width();
    for (int i = 0; i < images.length; i++) {
      int channel = i / plane % shape.channels();
      double pixel = images[i] * network.std().get(channel) + network.mean().get(channel);
      pixels.putFloat((float) (255 * pixel));
    }
    Files.write(folder.resolve(name + ".input"), pixels.array());
    return ExportNetworks.probabilities(network, images, EXAMPLES);
  }

  private void read(Iterable<String> names) throws Exception {
    Path alone = Files.createDirectories(folder.resolve("classes/dev/convoy/models/export"));
    String reader = "StockReader.class";
    Files.copy(
        Path.of(StockReader.class.getResource(reader).toURI()),
        alone.resolve(reader),
        StandardCopyOption.REPLACE_EXISTING);
    String jars =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(path -> path.endsWith(".jar"))
            .collect(Collectors.joining(File.pathSeparator));
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx2g", "-cp", folder.resolve("classes") + File.pathSeparator + jars));
    command.add(StockReader.class.getName());
    names.forEach(name -> command.add(folder.resolve(name).toString()));
    Path log = folder.resolve("reader.log");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    assertThat(process.waitFor()).as(Files.readString(log)).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"lenet", "resnext50_32x4d"})
  void equalNetworksGiveEqualBytes(String name) {
    ModelSpec spec = ExportNetworks.narrow(name);
    float[] images = ExportNetworks.images(spec, 1);
    TrainedNetwork network = ExportNetworks.filled(spec, images, 1);
    assertThat(ExportFormat.DL4J.export(network).content())
        .isEqualTo(ExportFormat.DL4J.export(network).content());
  }

  /** 5 pixels to 7: windows of two sizes. */
  @Test
  void namesWhatStockLayersCannotDo() {
    ModelSpec spec =
        new ModelSpec("vgg11", Map.of("width", 4, "hidden", 8), new InputShape(3, 160, 160), 5);
    TrainedNetwork network =
        ExportNetworks.network(spec, new float[ExportNetworks.layout(spec).length()]);
    assertThatThrownBy(() -> ExportFormat.DL4J.export(network))
        .isInstanceOf(InvalidModelException.class)
        .hasMessageContaining("avgpool (AdaptiveAveragePooling)")
        .hasMessageContaining("7 adaptive means of 5 pixels");
  }
}
