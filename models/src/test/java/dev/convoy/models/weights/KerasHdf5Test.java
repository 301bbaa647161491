package dev.convoy.models.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convoy.models.InvalidModelException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files that h5py wrote, made by {@code src/test/resources/hdf5/make_golden.py}. */
class KerasHdf5Test {

  private static final int TREE_LEVEL = 5;
  private static final int TREE_FIRST_CHILD = 32;

  @Test
  void weightsAloneAreRead() throws Exception {
    WeightFile read = read("weights.h5");
    assertThat(read.format()).isEqualTo(WeightFormat.KERAS_HDF5);
    assertThat(read.tensors())
        .containsOnly(
            Map.entry("conv1/kernel", SmallKeras.tensor(2, 3, 3, 4)),
            Map.entry("conv1/bias", SmallKeras.tensor(4)),
            Map.entry("bn_conv1/gamma", SmallKeras.tensor(4)),
            Map.entry("bn_conv1/beta", SmallKeras.tensor(4)),
            Map.entry("bn_conv1/moving_mean", SmallKeras.tensor(4)),
            Map.entry("bn_conv1/moving_variance", SmallKeras.tensor(4)),
            Map.entry("block/fc/kernel", SmallKeras.tensor(4, 5)),
            Map.entry("block/fc/bias", SmallKeras.tensor(5)));
    assertThat(read.topology()).isEmpty();
  }

  @Test
  void wholeModelIsReadWithItsTopology() throws Exception {
    WeightFile read = read("model.h5");
    assertThat(read.tensors()).isEqualTo(read("weights.h5").tensors());
    assertThat(read.topology().orElseThrow().epsilons()).containsOnly(Map.entry("bn_conv1", 1e-3));
    assertThat(read.topology().orElseThrow().strides()).containsOnly(Map.entry("conv1", 2));
  }

  @Test
  void groupsOfSeveralNodesAndListsInSeveralAttributesAreRead() throws Exception {
    WeightFile read = read("wide.h5");
    assertThat(read.tensors()).hasSize(20);
    for (int i = 0; i < 20; i++) {
      assertThat(read.tensors().get("layer_%02d/bias".formatted(i)).values()).containsExactly(i);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "float64.h5, is float64; only float32 is read",
    "compressed.h5, a dataset in chunks",
    "latest.h5, superblock of version",
    "linked.h5, links that are paths"
  })
  void whatIsNotReadIsNamed(String file, String reason) {
    assertThatThrownBy(() -> read(file))
        .isInstanceOf(InvalidModelException.class)
        .hasMessageContaining(reason);
  }

  @Test
  void everyTruncationIsRefused() {
    byte[] sound = SmallKeras.golden("weights.h5");
    for (int length = 8; length < sound.length; length += 7) {
      byte[] cut = Arrays.copyOf(sound, length);
      assertThatThrownBy(() -> read(cut))
          .as("%d of %d bytes", length, sound.length)
          .isInstanceOf(InvalidModelException.class);
    }
  }

  @Test
  void garbageIsRefused() {
    byte[] garbage = SmallKeras.golden("weights.h5");
    Arrays.fill(garbage, 8, garbage.length, (byte) 0xff);
    assertThatThrownBy(() -> read(garbage))
        .isInstanceOf(InvalidModelException.class)
        .hasMessageContaining("superblock of version");
  }

  @Test
  void treeThatHangsFromItselfIsRefused() {
    byte[] damaged = SmallKeras.golden("weights.h5");
    int tree = find(damaged, "TREE");
    damaged[tree + TREE_LEVEL] = 1;
    ByteBuffer.wrap(damaged)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(tree + TREE_FIRST_CHILD, tree)
        .putShort(tree + TREE_LEVEL + 1, (short) 4);
    assertThatThrownBy(() -> read(damaged))
        .isInstanceOf(InvalidModelException.class)
        .hasMessageContaining("a group's tree has a node of type 0 at level 1");
  }

  @Test
  void fileThatIsNotOfKerasIsNamed() {
    byte[] other = SmallKeras.golden("weights.h5");
    int name = find(other, "layer_names");
    other[name] = 'p';
    assertThatThrownBy(() -> read(other))
        .isInstanceOf(InvalidModelException.class)
        .hasMessageContaining("no attribute layer_names");
  }

  private static int find(byte[] file, String text) {
    return new String(file, StandardCharsets.ISO_8859_1).indexOf(text);
  }

  private static WeightFile read(String golden) throws Exception {
    return read(SmallKeras.golden(golden));
  }

  private static WeightFile read(byte[] content) throws Exception {
    return WeightFile.read("weights.h5", content, SmallKeras.folder(new byte[1][]));
  }
}
