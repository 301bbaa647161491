package dev.convoy.models.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convoy.models.InvalidModelException;
import dev.convoy.models.safetensors.SafetensorsFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class WeightFileTest {

  @Test
  void pickleOfPyTorchIsRefusedWithTheWayToConvertIt() {
    byte[] zip = new byte[60];
    zip[0] = 'P';
    zip[1] = 'K';
    zip[2] = 3;
    zip[3] = 4;
    byte[] name = "resnet50/data.pkl".getBytes(StandardCharsets.US_ASCII);
    zip[26] = (byte) name.length;
    System.arraycopy(name, 0, zip, 30, name.length);
    for (byte[] content : new byte[][] {zip, {(byte) 0x80, 2, (byte) 0x8a}}) {
      refused(
          content,
          "resnet50.pth is a pickle",
          "import torch, safetensors.torch",
          "torch.load(\"resnet50.pth\", map_location=\"cpu\", weights_only=True)",
          "safetensors.torch.save_file(");
    }
  }

  /** The header's length begins the file: its lowest byte may be any multiple of eight. */
  @Test
  void safetensorsOfAnyHeaderLengthAreSafetensors() throws IOException {
    Set<Integer> firstBytes = new TreeSet<>();
    for (int length = 0; length < 256; length++) {
      byte[] file =
          SafetensorsFile.write(
              new TreeMap<>(Map.of("a", SmallKeras.tensor(4))), Map.of("x", "-".repeat(length)));
      WeightFile read = WeightFile.read("a.safetensors", file, SmallKeras.folder(new byte[1][]));
      assertThat(read.format()).isEqualTo(WeightFormat.SAFETENSORS);
      firstBytes.add(file[0] & 0xff);
    }
    assertThat(firstBytes).contains(0x80, (int) ' ').hasSize(32);
    byte[] cut = {(byte) 0x80, 0, 0, 0, 0, 0, 0, 0, '{', '"'};
    refused(cut, "not a sound safetensors file");
  }

  @Test
  void aDescriptionThatMakesNoSenseIsRefused() {
    Map<String, String> sound =
        Map.of(
            "model", "lenet",
            "arguments", "{}",
            "input", "[1,28,28]",
            "classes", "[\"a\",\"b\"]",
            "mean", "[0.5]",
            "std", "[0.5]");
    refusedDescription(sound, "input", "[28,28]", "has to be channels, height and width");
    refusedDescription(sound, "input", "[0,28,28]", "1 means");
    refusedDescription(sound, "input", "[1,0,28]", "height x width is 0x28");
    refusedDescription(sound, "mean", "[0.5,0.5]", "2 means");
    refusedDescription(sound, "std", "[0]", "above 0");
    refusedDescription(sound, "mean", "[\"NaN\"]", "have to be numbers");
    refusedDescription(sound, "classes", "a, b", "classes is no JSON: a, b");
    refusedDescription(sound, "classes", "[null]", "has no classes");
  }

  private static void refusedDescription(
      Map<String, String> sound, String key, String value, String reason) {
    Map<String, String> metadata = new TreeMap<>(sound);
    metadata.put(key, value);
    byte[] file = SafetensorsFile.write(new TreeMap<>(Map.of("a", SmallKeras.tensor(4))), metadata);
    refused(file, reason);
  }

  @Test
  void otherZipIsNamed() {
    refused(new byte[] {'P', 'K', 3, 4, 0}, "is a zip archive", ".keras");
  }

  @Test
  void anythingElseIsNoSafetensors() {
    refused(new byte[0], "not a sound safetensors file");
    refused(new byte[] {1, 2, 3}, "not a sound safetensors file");
    refused(
        "#!/bin/sh\nexit\n".getBytes(StandardCharsets.US_ASCII), "not a sound safetensors file");
  }

  private static void refused(byte[] content, String... parts) {
    var refusal =
        assertThatThrownBy(
                () -> WeightFile.read("resnet50.pth", content, SmallKeras.folder(new byte[1][])))
            .isInstanceOf(InvalidModelException.class);
    for (String part : parts) {
      refusal.hasMessageContaining(part);
    }
  }
}
