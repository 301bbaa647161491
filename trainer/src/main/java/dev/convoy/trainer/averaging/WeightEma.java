package dev.convoy.trainer.averaging;

import dev.convoy.models.state.NetworkState;

/**
 * The exponential moving average of the weights over the steps, {@code ema = d ema + (1 - d) w}
 * (Polyak averaging in the form of Szegedy et al. 2015, arXiv:1512.00567, section 8).
 *
 * <p>It is kept on the driver and moves once a round, to the averaged weights, by the decay of all
 * its steps together: the product of their d, so that a decay means the same whatever tau is. On
 * the workers it would cost each of them a vector, and all of them as much again on the wire, to
 * follow weights that no one will ever use: those between two averagings. With tau = 1 the two are
 * the same.
 *
 * <p>Running statistics are averaged likewise, element by element. It begins with the initial
 * state.
 *
 * @param decay d, in (0, 1)
 * @param warmup how d begins
 */
public record WeightEma(double decay, Warmup warmup) {

  /** How the decay begins. */
  public enum Warmup {
    /** At once. */
    NONE,
    /** {@code min(decay, (1 + t) / (10 + t))} at step t, counted from 0. */
    RAMP
  }

  /** Checks the decay. */
  public WeightEma {
    if (!(decay > 0 && decay < 1)) {
      throw new IllegalArgumentException("the decay is " + decay + "; it has to be in (0, 1)");
    }
  }

  /** One line for people. */
  public String explanation() {
    return "exponential moving average of the weights, decay %s a step%s"
        .formatted(decay, warmup == Warmup.RAMP ? ", ramped up" : "");
  }

  /** The average before the first round. */
  public EmaState initial(NetworkState network) {
    return new EmaState(network.parameters().clone());
  }

  /**
   * The average after a round.
   *
   * @param before the round
   * @param network that the round gave
   * @param firstStep of the round, counted over the whole run from 0
   * @param steps of the round
   */
  public EmaState after(EmaState before, NetworkState network, long firstStep, int steps) {
    float[] old = before.parameters();
    float[] now = network.parameters();
    if (old.length != now.length) {
      throw new IllegalArgumentException(
          "an average of %d parameters for %d".formatted(old.length, now.length));
    }
    double kept = kept(firstStep, steps);
    float[] next = new float[old.length];
    for (int i = 0; i < next.length; i++) {
      next[i] = (float) (kept * old[i] + (1 - kept) * now[i]);
    }
    return new EmaState(next);
  }

  /** The share of the old average that so many steps leave. */
  double kept(long firstStep, int steps) {
    double kept = 1;
    for (long step = firstStep; step < firstStep + steps; step++) {
      kept *= warmup == Warmup.NONE ? decay : Math.min(decay, (1.0 + step) / (10.0 + step));
    }
    return kept;
  }
}
