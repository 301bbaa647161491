package dev.convoy.models.engine.dl4j;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.deeplearning4j.optimize.api.TrainingListener;

/**
 * Finds listeners that want every activation. Those are all that have an {@code onForwardPass} of
 * their own, even an empty one, which cannot be told apart: {@link BaseTrainingListener}'s does
 * nothing.
 */
final class ActivationReaders {
  private ActivationReaders() {}

  static Optional<TrainingListener> in(Collection<TrainingListener> listeners) {
    return listeners.stream().filter(ActivationReaders::reads).findFirst();
  }

  private static boolean reads(TrainingListener listener) {
    try {
      Class<?> declaring =
          listener
              .getClass()
              .getMethod("onForwardPass", Model.class, Map.class)
              .getDeclaringClass();
      return declaring != BaseTrainingListener.class;
    } catch (NoSuchMethodException e) {
      throw new IllegalStateException("this DL4J's listeners have no onForwardPass", e);
    }
  }
}
