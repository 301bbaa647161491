package dev.convoy.trainer.averaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convoy.models.ModelRegistry;
import dev.convoy.models.state.NetworkState;
import dev.convoy.models.state.ParameterLayout;
import dev.convoy.models.state.ParameterSlot;
import dev.convoy.trainer.Layouts;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What each strategy makes of a round's average. */
final class SyncStrategyTest {

  /** With batch norms, whose statistics no strategy may touch. */
  private static final ParameterLayout LAYOUT =
      Layouts.of(ModelRegistry.standard().defaultSpec("resnet20_cifar"));

  private static final double RATE = 0.05;

  @Test
  void averagingGoesOnFromTheAverage() {
    NetworkState average = random(2);
    TrainingState start = new TrainingState(random(1), OuterState.NONE);
    for (SyncStrategy strategy :
        new SyncStrategy[] {new ParameterAveraging(4), new PostLocalAveraging(3, 4)}) {
      assertThat(strategy.initial().isEmpty()).isTrue();
      assertThat(strategy.next(start, average, RATE))
          .isEqualTo(new TrainingState(average, OuterState.NONE));
    }
  }

  @Test
  void stepsPerRound() {
    PostLocalAveraging postLocal = new PostLocalAveraging(3, 16);
    assertThat(postLocal.stepsPerRound(0)).isEqualTo(1);
    assertThat(postLocal.stepsPerRound(2)).isEqualTo(1);
    assertThat(postLocal.stepsPerRound(3)).isEqualTo(16);
    assertThat(new ParameterAveraging(5).stepsPerRound(9)).isEqualTo(5);
    assertThat(slowmo(0.5, 1).stepsPerRound(9)).isEqualTo(7);
    assertThatThrownBy(() -> new PostLocalAveraging(0, 4)).hasMessageContaining("local from epoch");
    assertThatThrownBy(() -> new ParameterAveraging(0)).hasMessageContaining("steps is 0");
  }

  /** Algorithm 1 line by line in float64, over five rounds with falling rates. */
  @Test
  void slowMomentumIsThePapers() {
    double beta = 0.7;
    double alpha = 0.8;
    SlowMomentum strategy = slowmo(beta, alpha);
    TrainingState state = new TrainingState(random(1), strategy.initial());
    int n = LAYOUT.length();
    double[] x = widened(state.network().parameters());
    double[] u = new double[n];
    for (int t = 0; t < 5; t++) {
      double gamma = 0.1 / (1 + t);
      NetworkState average = nearby(state.network(), gamma, 10 + t);
      for (int i = 0; i < n; i++) {
        u[i] = beta * u[i] + (x[i] - average.parameters()[i]) / gamma;
        x[i] = x[i] - alpha * gamma * u[i];
      }
      state = strategy.next(state, average, gamma);
      for (ParameterSlot slot : LAYOUT.slots()) {
        if (!slot.kind().trainable()) {
          // Running statistics are the average's, and have no outer momentum.
          for (int i = slot.offset(); i < slot.offset() + slot.length(); i++) {
            x[i] = average.parameters()[i];
            u[i] = 0;
          }
        }
      }
      assertThat(largestDifference(state.network().parameters(), x)).isLessThan(2e-6);
      assertThat(largestDifference(state.outer().momentum(), u)).isLessThan(5e-5);
      assertThat(state.network().momentum())
          .as("the inner momentum is the average's")
          .isEqualTo(average.momentum());
      x = widened(state.network().parameters());
    }
  }

  @Test
  void slowMomentumWithoutMomentumIsAveragingToRounding() {
    SlowMomentum strategy = slowmo(0, 1);
    TrainingState start = new TrainingState(random(1), strategy.initial());
    NetworkState average = nearby(start.network(), RATE, 2);
    NetworkState next = strategy.next(start, average, RATE).network();
    assertThat(largestDifference(next.parameters(), widened(average.parameters())))
        .isLessThan(1e-12);
  }

  @Test
  void roundOfRateZeroMovesNothingAndAddsNothing() {
    SlowMomentum strategy = slowmo(0.5, 1);
    float[] momentum = new float[LAYOUT.length()];
    Arrays.fill(momentum, 2);
    TrainingState start = new TrainingState(random(1), new OuterState(momentum));
    TrainingState next = strategy.next(start, start.network(), 0);
    assertThat(next.network()).isEqualTo(start.network());
    assertThat(next.isFinite()).isTrue();
    for (ParameterSlot slot : LAYOUT.slots()) {
      assertThat(next.outer().momentum()[slot.offset()])
          .isEqualTo(slot.kind().trainable() ? 1f : 0f);
    }
  }

  @Test
  void theStartIsLeftAsItIs() {
    SlowMomentum strategy = slowmo(0.5, 1);
    TrainingState start = new TrainingState(random(1), strategy.initial());
    NetworkState average = nearby(start.network(), RATE, 2);
    strategy.next(start, average, RATE);
    assertThat(start.network()).isEqualTo(random(1));
    assertThat(start.outer()).isEqualTo(strategy.initial());
    assertThat(average).isEqualTo(nearby(start.network(), RATE, 2));
  }

  @Test
  void outerStateThatIsNotFiniteIsNoticed() {
    float[] momentum = new float[LAYOUT.length()];
    momentum[7] = Float.NaN;
    assertThat(new TrainingState(random(1), new OuterState(momentum)).isFinite()).isFalse();
  }

  @Test
  void wrongConstantsAndForeignStatesAreRefused() {
    assertThatThrownBy(() -> slowmo(1, 1)).hasMessageContaining("outer momentum is 1.0");
    assertThatThrownBy(() -> slowmo(-0.1, 1)).hasMessageContaining("outer momentum is -0.1");
    assertThatThrownBy(() -> slowmo(0.5, 0)).hasMessageContaining("outer learning rate is 0.0");
    assertThatThrownBy(
            () ->
                slowmo(0.5, 1).next(new TrainingState(random(1), OuterState.NONE), random(2), RATE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("0 outer momenta");
  }

  private static SlowMomentum slowmo(double beta, double alpha) {
    return new SlowMomentum(7, beta, alpha, LAYOUT);
  }

  private static double largestDifference(float[] found, double[] expected) {
    double largest = 0;
    for (int i = 0; i < found.length; i++) {
      largest = Math.max(largest, Math.abs(found[i] - expected[i]));
    }
    return largest;
  }

  private static double[] widened(float[] values) {
    double[] widened = new double[values.length];
    for (int i = 0; i < widened.length; i++) {
      widened[i] = values[i];
    }
    return widened;
  }

  private static NetworkState random(long seed) {
    Random random = new Random(seed);
    float[] parameters = new float[LAYOUT.length()];
    for (int i = 0; i < parameters.length; i++) {
      parameters[i] = (float) random.nextGaussian();
    }
    return NetworkState.atRest(parameters);
  }

  /** As far from a state as some steps of a rate lead. */
  private static NetworkState nearby(NetworkState start, double rate, long seed) {
    Random random = new Random(seed);
    float[] parameters = start.parameters().clone();
    float[] momentum = new float[parameters.length];
    for (int i = 0; i < parameters.length; i++) {
      momentum[i] = (float) random.nextGaussian();
      parameters[i] -= (float) (rate * momentum[i]);
    }
    return new NetworkState(parameters, momentum);
  }
}
