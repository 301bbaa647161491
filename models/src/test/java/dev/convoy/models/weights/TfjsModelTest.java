package dev.convoy.models.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convoy.models.InvalidModelException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TfjsModelTest {

  @TempDir private Path folder;

  @Test
  void tensorsLieAcrossShardsInTheOrderOfTheManifest() throws Exception {
    byte[][] files = SmallKeras.tfjs();
    WeightFile read = WeightFile.read("model.json", files[0], SmallKeras.folder(files));
    assertThat(read.format()).isEqualTo(WeightFormat.KERAS_TFJS);
    assertThat(read.tensors())
        .containsOnly(
            Map.entry("conv1/kernel", SmallKeras.tensor(2, 3, 3, 4)),
            Map.entry("conv1/bias", SmallKeras.tensor(4)),
            Map.entry("bn_conv1/gamma", SmallKeras.tensor(4)),
            Map.entry("bn_conv1/moving_variance", SmallKeras.tensor(4)));
    assertThat(read.topology().orElseThrow().epsilons()).containsOnly(Map.entry("bn_conv1", 1e-3));
    assertThat(read.topology().orElseThrow().strides()).containsOnly(Map.entry("conv1", 2));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/etc/hostname",
        "../shard1.bin",
        "a/../../shard1.bin",
        "./shard1.bin",
        "a//b",
        "http://host/shard1.bin",
        "file:///etc/hostname",
        "C:\\\\shard1.bin",
        "..\\\\shard1.bin",
        "",
        "a\\u0000b"
      })
  void shardsOutsideTheFolderAreRefused(String name) {
    refused(Map.of("paths", "[\"" + name + "\"]"), "only files in its own folder are read");
  }

  @Test
  void linkOutOfTheFolderIsRefusedAndLinkWithinFollowed() throws Exception {
    Path inside = Files.createDirectory(folder.resolve("inside"));
    Files.write(folder.resolve("secret.bin"), new byte[12]);
    Files.write(inside.resolve("real.bin"), new byte[12]);
    Files.createSymbolicLink(inside.resolve("shard1.bin"), folder.resolve("secret.bin"));
    byte[] json = SmallKeras.manifest(Map.of()).getBytes(StandardCharsets.UTF_8);
    LocalWeightFolder local = new LocalWeightFolder(inside);
    assertThatThrownBy(() -> WeightFile.read("model.json", json, local))
        .isInstanceOf(InvalidModelException.class)
        .hasMessageContaining("shard1.bin is a link out of");
    Files.delete(inside.resolve("shard1.bin"));
    Files.createSymbolicLink(inside.resolve("shard1.bin"), Path.of("real.bin"));
    assertThat(WeightFile.read("model.json", json, local).tensors()).containsKey("a/bias");
    Files.delete(inside.resolve("shard1.bin"));
    assertThatThrownBy(() -> WeightFile.read("model.json", json, local))
        .isInstanceOf(InvalidModelException.class)
        .hasMessageContaining("there is no file shard1.bin");
    Files.createDirectory(inside.resolve("shard1.bin"));
    assertThatThrownBy(() -> WeightFile.read("model.json", json, local))
        .isInstanceOf(InvalidModelException.class)
        .hasMessageContaining("is not a file");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "dtype | \"int32\" | of type int32",
        "quantization | {\"dtype\":\"uint8\"} | is quantized",
        "shape | [4] | needs 16 bytes, but its 1 files have 12",
        "shape | [2] | needs 8 bytes, but its 1 files have 12",
        "shape | [-3] | holds -3",
        "shape | [1.5] | holds 1.5",
        "shape | [65536,65536] | too large",
        "shape | [99999999999] | holds 99999999999",
        "shape | 3 | has to have name, shape and dtype",
        "name | 7 | has to have name, shape and dtype",
        "paths | {} | has to have the lists paths and weights",
        "paths | [7] | no name of a file",
        "paths | [\"other.bin\"] | no file other.bin",
        "paths | [\"shard1.bin\",\"shard1.bin\"] | stands twice"
      })
  void wrongManifestIsRefused(String field, String value, String reason) {
    refused(Map.of(field, value), reason);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{ | not valid JSON",
        "{\"a\":1,\"a\":2} | Duplicate",
        "{}{} | not valid JSON",
        "{} | no weightsManifest",
        "{\"weightsManifest\":7} | no weightsManifest",
        "{\"weightsManifest\":[7]} | has to have the lists",
        "{\"format\":\"graph-model\",\"weightsManifest\":[]} | layers-model is read"
      })
  void brokenJsonIsRefused(String json, String reason) {
    refused(json, reason);
  }

  @Test
  void nameThatStandsTwiceIsRefused() {
    String weight = "{\"name\":\"a\",\"shape\":[1],\"dtype\":\"float32\"}";
    refused(
        "{\"weightsManifest\":[{\"paths\":[\"shard1.bin\"],\"weights\":[%s,%s]}]}"
            .formatted(weight, weight),
        "the weight a stands twice");
  }

  @Test
  void deepJsonIsRefused() {
    refused("{\"a\":" + "[".repeat(100_000), "not valid JSON");
  }

  private static void refused(Map<String, String> fields, String reason) {
    refused(SmallKeras.manifest(fields), reason);
  }

  private static void refused(String json, String reason) {
    byte[][] files = {json.getBytes(StandardCharsets.UTF_8), new byte[12]};
    assertThatThrownBy(() -> WeightFile.read("model.json", files[0], SmallKeras.folder(files)))
        .isInstanceOf(InvalidModelException.class)
        .hasMessageContaining(reason);
  }
}
