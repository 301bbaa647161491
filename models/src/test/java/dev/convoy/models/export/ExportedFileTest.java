package dev.convoy.models.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convoy.models.InputShape;
import dev.convoy.models.InvalidModelException;
import dev.convoy.models.ModelSpec;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What holds for every format. */
class ExportedFileTest {

  /** Says one length and writes another. */
  private record Bytes(long length, byte[] written) implements FileContent {
    @Override
    public void writeTo(OutputStream out) throws IOException {
      out.write(written);
    }

    @Override
    public SortedMap<String, Object> details() {
      return new TreeMap<>();
    }
  }

  @Test
  void aFileBeyondTwoGibibytesIsRefusedBeforeItIsWritten() {
    assertThatThrownBy(() -> ExportedFile.of(new Bytes(3_000_000_000L, new byte[0])))
        .isInstanceOf(InvalidModelException.class)
        .hasMessageContaining("3000000000 bytes")
        .hasMessageContaining("at most 2 GiB");
  }

  @Test
  void theLengthIsExact() {
    assertThat(ExportedFile.of(new Bytes(2, new byte[] {1, 2})).content()).containsExactly(1, 2);
    assertThatThrownBy(() -> ExportedFile.of(new Bytes(3, new byte[] {1, 2})))
        .isInstanceOf(IllegalStateException.class);
  }

  @ParameterizedTest
  @EnumSource(ExportFormat.class)
  void parametersOfAnotherNetworkAreRefused(ExportFormat format) {
    ModelSpec spec = ModelSpec.of("lenet", new InputShape(1, 28, 28), 2);
    TrainedNetwork network =
        new TrainedNetwork(spec, new float[7], List.of("a", "b"), List.of(0.5), List.of(0.5));
    assertThatThrownBy(() -> format.export(network))
        .isInstanceOf(InvalidModelException.class)
        .hasMessageContaining("the state has 7 values");
  }

  @Test
  void saysEverythingThatDoesNotFitTogether() {
    ModelSpec spec = ModelSpec.of("lenet", new InputShape(1, 28, 28), 3);
    assertThatThrownBy(
            () ->
                new TrainedNetwork(
                    spec, new float[7], List.of("a"), List.of(0.5, 0.5), List.of(0.0)))
        .isInstanceOf(InvalidModelException.class)
        .hasMessageContaining("3 classes, but 1 are named")
        .hasMessageContaining("2 means and 1 standard deviations")
        .hasMessageContaining("not above 0");
  }
}
