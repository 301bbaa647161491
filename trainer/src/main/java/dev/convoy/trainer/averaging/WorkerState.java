package dev.convoy.trainer.averaging;

import java.io.Serializable;

/**
 * A network's state as averaging sees it: what is averaged linearly apart from what is merged.
 *
 * @param trainable trainable parameters, float32, in the layout's order
 * @param momentum the momentum of each trainable parameter
 * @param means running means of all batch norms, one a channel
 * @param variances running variances, index for index beside {@code means}
 */
public record WorkerState(float[] trainable, float[] momentum, float[] means, float[] variances)
    implements Serializable {

  /** Checks that the halves belong together. */
  public WorkerState {
    if (trainable.length != momentum.length || means.length != variances.length) {
      throw new IllegalArgumentException(
          "%d parameters with %d momenta, %d means with %d variances; each pair must be of one length"
              .formatted(trainable.length, momentum.length, means.length, variances.length));
    }
  }
}
