package dev.convoy.trainer.averaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.convoy.models.state.NetworkState;
import dev.convoy.trainer.averaging.WeightEma.Warmup;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The moving average against its formula, step by step. */
final class WeightEmaTest {

  private static NetworkState network(float... parameters) {
    return NetworkState.atRest(parameters);
  }

  @Test
  void isTheFormula() {
    WeightEma ema = new WeightEma(0.75, Warmup.NONE);
    EmaState state = ema.initial(network(1, -2));
    state = ema.after(state, network(5, 2), 0, 1);
    assertThat(state.parameters()).containsExactly(2, -1);
    state = ema.after(state, network(6, 3), 1, 1);
    assertThat(state.parameters()).containsExactly(3, 0);
  }

  /** A round of four steps moves the average as far as four rounds of one to the same weights. */
  @ParameterizedTest
  @EnumSource(Warmup.class)
  void aDecayMeansTheSameWhateverTauIs(Warmup warmup) {
    WeightEma ema = new WeightEma(0.9, warmup);
    NetworkState weights = network(3, 0.1f, -7);
    EmaState begin = ema.initial(network(1, 5, 2));
    EmaState single = begin;
    for (int step = 5; step < 9; step++) {
      single = ema.after(single, weights, step, 1);
    }
    EmaState together = ema.after(begin, weights, 5, 4);
    for (int i = 0; i < 3; i++) {
      assertThat(together.parameters()[i]).isCloseTo(single.parameters()[i], within(1e-6f));
    }
  }

  @Test
  void rampsUpToTheDecay() {
    WeightEma ramp = new WeightEma(0.99, Warmup.RAMP);
    assertThat(ramp.kept(0, 1)).isEqualTo(0.1);
    assertThat(ramp.kept(0, 2)).isCloseTo(0.1 * 2 / 11, within(1e-15));
    assertThat(ramp.kept(2, 1)).isEqualTo(3.0 / 12);
    assertThat(ramp.kept(10_000, 2)).isEqualTo(0.99 * 0.99);
    assertThat(new WeightEma(0.99, Warmup.NONE).kept(0, 3)).isEqualTo(0.99 * 0.99 * 0.99);
    assertThat(ramp.explanation()).contains("0.99 a step, ramped up");
  }

  @Test
  void beginsWithACopy() {
    float[] parameters = {1, 2};
    EmaState state = new WeightEma(0.5, Warmup.NONE).initial(network(parameters));
    parameters[0] = 9;
    assertThat(state.parameters()).containsExactly(1, 2);
  }

  @Test
  void refusesWhatMakesNoSense() {
    for (double decay : new double[] {0, 1, -1, Double.NaN}) {
      assertThatThrownBy(() -> new WeightEma(decay, Warmup.NONE)).hasMessageContaining("(0, 1)");
    }
    WeightEma ema = new WeightEma(0.5, Warmup.NONE);
    assertThatThrownBy(() -> ema.after(EmaState.NONE, network(1), 0, 1))
        .hasMessageContaining("0 parameters for 1");
  }

  @Test
  void anAverageThatIsNotFiniteIsSeen() {
    TrainingState state = new TrainingState(network(1), OuterState.NONE);
    assertThat(state.isFinite()).isTrue();
    assertThat(state.evaluated()).isSameAs(state.network());
    TrainingState broken = state.with(new EmaState(new float[] {Float.NaN}));
    assertThat(broken.isFinite()).isFalse();
    assertThat(broken.evaluated().parameters()).containsExactly(Float.NaN);
  }
}
