package dev.convoy.models.engine.dl4j;

import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.GradientUpdater;

/** {@link ClassicalMomentum} block by block, for stock graphs. */
final class ClassicalMomentumUpdater implements GradientUpdater<ClassicalMomentum> {
  private static final String DELTA = "delta";

  private final ClassicalMomentum config;
  private INDArray delta;

  ClassicalMomentumUpdater(ClassicalMomentum config) {
    this.config = config;
  }

  @Override
  public ClassicalMomentum getConfig() {
    return config;
  }

  @Override
  public void setState(Map<String, INDArray> state, boolean initialize) {
    if (!state.keySet().equals(Map.of(DELTA, "").keySet())) {
      throw new IllegalArgumentException(
          "the state of ClassicalMomentum is " + DELTA + " alone, not " + state.keySet());
    }
    delta = state.get(DELTA);
    if (initialize) {
      delta.assign(0);
    }
  }

  @Override
  public Map<String, INDArray> getState() {
    return Map.of(DELTA, delta);
  }

  @Override
  public void setStateViewArray(
      INDArray view, long[] gradientShape, char gradientOrder, boolean initialize) {
    delta = view.reshape(gradientOrder, gradientShape);
    if (initialize) {
      delta.assign(0);
    }
  }

  /** Turns a mean gradient into what is subtracted from the parameters. */
  @Override
  public void applyUpdater(INDArray gradient, int iteration, int epoch) {
    delta.muli(config.momentum()).addi(gradient.reshape(delta.shape()));
    gradient.assign(delta.reshape(gradient.shape()));
    gradient.muli(config.getLearningRate(iteration, epoch));
  }
}
