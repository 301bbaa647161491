package dev.convoy.models;

import dev.convoy.models.state.NetworkState;
import dev.convoy.models.state.ParameterLayout;

/** States to begin with that depend on no architecture's own initial values. */
public final class HeStates {
  private HeStates() {}

  /** He normal with fan-in, biases 0, momentum 0. */
  public static NetworkState of(ParameterLayout layout, long seed) {
    float[] values = new float[layout.length()];
    InitialParameters.draw(
        Initialization.HE,
        layout,
        seed,
        (offset, piece) -> {
          for (int i = 0; i < piece.length; i++) {
            values[offset + i] = (float) piece[i];
          }
        });
    return NetworkState.atRest(values);
  }
}
