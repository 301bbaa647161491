package dev.convoy.models.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convoy.models.InputShape;
import dev.convoy.models.InvalidModelException;
import dev.convoy.models.ModelRegistry;
import dev.convoy.models.ModelSpec;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.SortedMap;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;

class ParameterLayoutTest {
  private final ComputationGraph graph =
      ModelRegistry.standard()
          .build(ModelSpec.of("resnet20_cifar", new InputShape(3, 8, 8), 10), 1);
  private final ParameterLayout layout = ParameterLayout.of(graph);
  private final float[] flat = graph.params().dup().data().asFloat();

  @Test
  void namesAreTorchvisions() {
    assertThat(layout.tensors(flat).keySet())
        .contains(
            "conv1.weight",
            "bn1.weight",
            "bn1.bias",
            "bn1.running_mean",
            "bn1.running_var",
            "layer3.2.conv2.weight",
            "layer3.2.bn2.running_var",
            "fc.weight",
            "fc.bias")
        .doesNotContain("conv1.bias");
    assertThat(layout.length()).isEqualTo(layout.trainable() + 2 * 688).isEqualTo(flat.length);
  }

  /** Element [o][i] of the dense weight multiplies input i for output o, as DL4J's own [i][o]. */
  @Test
  void denseWeightsAreOutByIn() {
    NamedTensor weight = layout.tensors(flat).get("fc.weight");
    assertThat(weight.shape()).containsExactly(10, 64);
    var dl4j = graph.getLayer("fc").getParam("W");
    for (int o = 0; o < 10; o++) {
      for (int i = 0; i < 64; i++) {
        assertThat(weight.values()[o * 64 + i]).isEqualTo(dl4j.getFloat(i, o));
      }
    }
  }

  @Test
  void tensorsAndBackAreTheSameBits() {
    flat[17] = Float.NaN;
    flat[18] = -0f;
    assertThat(layout.flat(layout.tensors(flat))).isEqualTo(flat);
  }

  @Test
  void saysEveryTensorThatDoesNotFit() {
    SortedMap<String, NamedTensor> tensors = layout.tensors(flat);
    tensors.remove("bn1.bias");
    tensors.put("fc.bias", new NamedTensor(new int[] {2}, new float[2]));
    tensors.put("fc.extra", new NamedTensor(new int[] {1}, new float[1]));
    assertThatThrownBy(() -> layout.flat(tensors))
        .isInstanceOf(InvalidModelException.class)
        .hasMessageContaining("missing bn1.bias of shape [16]")
        .hasMessageContaining("fc.bias has shape [2] instead of [10]")
        .hasMessageContaining("fc.extra is not a tensor of this network");
  }

  @Test
  void digestCoversParametersInTheOrderOfTheirNames() throws Exception {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    for (NamedTensor tensor : layout.tensors(flat).values()) {
      ByteBuffer bytes =
          ByteBuffer.allocate(4 * tensor.values().length).order(ByteOrder.LITTLE_ENDIAN);
      bytes.asFloatBuffer().put(tensor.values());
      digest.update(bytes.array());
    }
    NetworkState state = NetworkState.atRest(flat);
    String expected = HexFormat.of().formatHex(digest.digest());
    assertThat(layout.sha256(state)).isEqualTo(expected);
    float[] otherStatistic = flat.clone();
    int variance =
        layout.slots().stream()
            .filter(slot -> slot.kind() == ParameterKind.RUNNING_VARIANCE)
            .findFirst()
            .orElseThrow()
            .offset();
    otherStatistic[variance] = Math.nextUp(otherStatistic[variance]);
    assertThat(layout.sha256(NetworkState.atRest(otherStatistic))).isNotEqualTo(expected);
    float[] momentum = new float[flat.length];
    momentum[0] = 1;
    assertThat(layout.sha256(new NetworkState(flat, momentum))).isEqualTo(expected);
  }

  @Test
  void travelsByJavaSerialisation() throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ModelSpec spec = ModelRegistry.standard().defaultSpec("lenet");
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(layout);
      out.writeObject(NetworkState.atRest(flat));
      out.writeObject(spec);
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      assertThat(in.readObject()).isEqualTo(layout);
      assertThat(in.readObject()).isEqualTo(NetworkState.atRest(flat));
      assertThat(in.readObject()).isEqualTo(spec);
    }
  }
}
