package dev.convoy.benchmarks.libtorch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;

class MomentumSgdTest {

  @Test
  void followsPyTorchsFormula() {
    Weights weights = new Weights(torch.ScalarType.Double);
    Tensor parameter = weights.constant("w", 2, 1);
    MomentumSgd sgd = new MomentumSgd(List.of(parameter), 0.1);

    double w = 2;
    double velocity = 0;
    for (int step = 0; step < 3; step++) {
      sgd.dropGradients();
      assertThat(parameter.grad().defined()).isFalse();
      try (Tensor square = parameter.mul(parameter);
          Tensor loss = square.sum()) {
        loss.backward();
      }
      sgd.step();

      velocity = 0.9 * velocity + 2 * w + 1e-4 * w;
      w -= 0.1 * velocity;
      assertThat(parameter.item_double()).isCloseTo(w, within(1e-12));
    }
  }
}
