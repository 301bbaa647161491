package dev.convoy.trainer;

import dev.convoy.trainer.averaging.WireFormat;
import java.util.Locale;

/**
 * The strategies that the suites go through, with constants under which each shows what it does.
 */
public enum Strategy {
  AVERAGE("strategy: average, steps: 3"),
  SLOWMO("strategy: slowmo, steps: 3, outer_momentum: 0.5, outer_learning_rate: 0.8"),
  POST_LOCAL("strategy: post_local, steps: 3, local_from_epoch: 1");

  private final String keys;

  Strategy(String keys) {
    this.keys = keys;
  }

  /** What {@code --set} takes. */
  public String over(WireFormat wire) {
    return "sync={%s, wire: %s}".formatted(keys, wire.name().toLowerCase(Locale.ROOT));
  }
}
