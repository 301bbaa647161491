package dev.convoy.benchmarks.libtorch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.stream.Stream;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The networks in float64 against Python's PyTorch and torchvision in float64. */
class GoldenTest {
  private static final double TOLERANCE = 1e-8;

  static Stream<String> names() {
    return Architecture.ALL.stream().map(Architecture::name);
  }

  @ParameterizedTest
  @MethodSource("names")
  void agreesWithTorchvision(String name) {
    GoldenNetwork golden = GoldenNetwork.load(name);
    Weights weights = new Weights(torch.ScalarType.Double);
    Network network = Architecture.named(name).build(weights);
    golden.fill(weights);
    Batch batch = golden.batch();

    checkInference(golden.json().get("eval"), network, batch);
    checkTraining(golden.json().get("train"), network, weights, batch);
    weights.parameters().values().forEach(Tensor::close);
  }

  @SuppressWarnings("try")
  private static void checkInference(JsonNode expected, Network network, Batch batch) {
    try (NoGradGuard guard = new NoGradGuard()) {
      var logits = network.logits(batch.images(), Mode.INFERENCE);
      assertThat(logits).hasSize(1);
      assertClose("logits", expected.get("logits"), logits.get(0));
      try (Tensor loss = Loss.of(logits, batch.labels())) {
        assertClose("loss", expected.get("loss"), loss.item_double());
      }
    }
  }

  private static void checkTraining(
      JsonNode expected, Network network, Weights weights, Batch batch) {
    var logits = network.logits(batch.images(), Mode.TRAINING_WITHOUT_DROPOUT);
    assertClose("logits", expected.get("logits"), logits.get(0));
    try (Tensor loss = Loss.of(logits, batch.labels())) {
      assertClose("loss", expected.get("loss"), loss.item_double());
      loss.backward();
    }
    assertThat(weights.parameters()).hasSize(expected.get("gradients").size());
    for (Map.Entry<String, Tensor> entry : weights.parameters().entrySet()) {
      try (Tensor gradient = entry.getValue().grad()) {
        assertClose(
            "gradient of " + entry.getKey(),
            expected.get("gradients").get(entry.getKey()),
            gradient);
      }
    }
    assertThat(weights.statistics()).hasSize(expected.get("running_after_one_step").size());
    for (Map.Entry<String, Tensor> entry : weights.statistics().entrySet()) {
      assertClose(
          entry.getKey(),
          expected.get("running_after_one_step").get(entry.getKey()),
          entry.getValue());
    }
  }

  private static void assertClose(String what, JsonNode expected, Tensor actual) {
    try (Tensor norm = actual.norm();
        Tensor rows = actual.contiguous()) {
      assertClose(what + ", norm", expected.get("l2"), norm.item_double());
      double scale = expected.get("l2").doubleValue() / Math.sqrt((double) actual.numel());
      JsonNode first = expected.get("first");
      for (int i = 0; i < first.size(); i++) {
        assertThat(rows.data_ptr_double().get(i))
            .as(what + ", element " + i)
            .isCloseTo(first.get(i).doubleValue(), within(100 * TOLERANCE * scale));
      }
    }
  }

  private static void assertClose(String what, JsonNode expected, double actual) {
    double value = expected.doubleValue();
    assertThat(actual).as(what).isCloseTo(value, within(TOLERANCE * Math.abs(value) + 1e-14));
  }
}
