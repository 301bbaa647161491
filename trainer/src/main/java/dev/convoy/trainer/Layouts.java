package dev.convoy.trainer;

import dev.convoy.models.InitialParameters;
import dev.convoy.models.ModelRegistry;
import dev.convoy.models.ModelSpec;
import dev.convoy.models.state.NetworkState;
import dev.convoy.models.state.ParameterLayout;

/** Parameter layouts of registered models, for those who train nothing themselves. */
public final class Layouts {

  private Layouts() {}

  /**
   * The layout of a model's parameters.
   *
   * @throws dev.convoy.models.InvalidModelException if it cannot be built, or has too many of them
   */
  public static ParameterLayout of(ModelSpec model) {
    return ModelRegistry.standard().layout(model);
  }

  /** The state in which a run begins: drawn parameters, no momentum. */
  public static NetworkState initialState(ModelSpec model, long seed) {
    return InitialParameters.state(model, of(model), seed);
  }
}
