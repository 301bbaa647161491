package dev.convoy.models.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convoy.models.ModelRegistry;
import dev.convoy.models.engine.backend.Backend;
import dev.convoy.models.engine.backend.DeviceMemory;
import dev.convoy.models.engine.backend.ParameterUpdate;
import dev.convoy.models.engine.onednn.OneDnnBackend;
import dev.convoy.models.state.ParameterKind;
import dev.convoy.models.state.ParameterLayout;
import dev.convoy.models.state.ParameterSlot;
import java.util.Arrays;
import java.util.Set;
import org.junit.jupiter.api.Test;

class UpdateRulesTest {
  private final ParameterLayout layout =
      ParameterLayout.of(
          ModelRegistry.standard()
              .buildEmpty(ModelRegistry.standard().defaultSpec("resnet20_cifar")));

  /** Two steps by hand, in float32, for a parameter of each kind. */
  @Test
  void isTheLecturesFormula() {
    var settings = new OptimizerSettings(0.9, 0.01, Set.of(ParameterKind.BIAS));
    float[] w = filled(2f);
    float[] delta = filled(0f);
    Backend backend = OneDnnBackend.withThreads(1);
    ParameterUpdate update = backend.update(UpdateRules.of(layout, settings));
    step(backend, update, w, delta, filled(8f), 0.1);
    step(backend, update, w, delta, filled(4f), 0.2);
    for (ParameterSlot slot : layout.slots()) {
      int last = slot.offset() + slot.length() - 1;
      float wd = slot.kind() == ParameterKind.BIAS ? 0f : 0.01f;
      float d1 = 2f + wd * 2f;
      float w1 = 2f - 0.1f * d1;
      float d2 = 0.9f * d1 + (1f + wd * w1);
      boolean statistic = !slot.kind().trainable();
      assertThat(delta[last]).as(slot.name()).isEqualTo(statistic ? 0f : d2);
      assertThat(w[last]).as(slot.name()).isEqualTo(statistic ? 2f - 8f - 4f : w1 - 0.2f * d2);
    }
  }

  private static void step(
      Backend backend,
      ParameterUpdate update,
      float[] w,
      float[] delta,
      float[] gradient,
      double rate) {
    long bytes = (long) w.length * Float.BYTES;
    try (DeviceMemory parameters = backend.allocate(bytes);
        DeviceMemory momentum = backend.allocate(bytes);
        DeviceMemory gradients = backend.allocate(bytes)) {
      parameters.write(0, w);
      momentum.write(0, delta);
      gradients.write(0, gradient);
      update.run(parameters.address(), gradients.address(), momentum.address(), 4, rate);
      parameters.read(0, w);
      momentum.read(0, delta);
    }
  }

  @Test
  void refusesConstantsThatMakeNoSense() {
    assertThatThrownBy(() -> new OptimizerSettings(1, 0, Set.of())).hasMessageContaining("1.0");
    assertThatThrownBy(() -> new OptimizerSettings(Double.NaN, 0, Set.of()))
        .hasMessageContaining("NaN");
    assertThatThrownBy(() -> new OptimizerSettings(0, -1e-4, Set.of()))
        .hasMessageContaining("-1.0E-4");
    assertThatThrownBy(() -> new SoftLabels(10, 1)).hasMessageContaining("[0, 1)");
  }

  private float[] filled(float value) {
    float[] values = new float[layout.length()];
    Arrays.fill(values, value);
    return values;
  }
}
