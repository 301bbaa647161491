package dev.convoy.models.training;

import java.io.Serializable;

/**
 * What a training step computes.
 *
 * @param optimizer momentum SGD and its clipping
 * @param loss whose gradient it follows
 * @param microBatches parts in which a batch goes through the network, one after the other, at
 *     least 1; their gradients are added up before the parameters move. Batch norms see a part by
 *     itself and move their running statistics with each
 */
public record StepSettings(OptimizerSettings optimizer, LossSettings loss, int microBatches)
    implements Serializable {

  public StepSettings {
    if (microBatches < 1) {
      throw new IllegalArgumentException(
          "a batch in " + microBatches + " parts; it has to be 1 or more");
    }
  }

  /** Each batch as a whole. */
  public static StepSettings of(OptimizerSettings optimizer, LossSettings loss) {
    return new StepSettings(optimizer, loss, 1);
  }
}
