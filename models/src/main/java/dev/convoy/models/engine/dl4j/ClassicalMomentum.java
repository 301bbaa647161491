package dev.convoy.models.engine.dl4j;

import java.util.Map;
import java.util.Objects;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * SGD with classical momentum (Polyak 1964), as PyTorch's {@code SGD}: {@code delta = momentum *
 * delta + g; w = w - rate * delta}, where g is the mean gradient with the L2 term in it. DL4J's own
 * {@code Nesterovs} is Nesterov's and has the learning rate inside delta.
 *
 * <p>Its state is one number a parameter, delta. It works on stock graphs; {@link CompiledGraph}
 * computes it in one pass over all parameters.
 */
public final class ClassicalMomentum implements IUpdater {
  private static final long serialVersionUID = 1L;

  private double learningRate;
  private ISchedule learningRateSchedule;
  private final double momentum;

  /**
   * With a fixed learning rate.
   *
   * @param learningRate 0 or more
   * @param momentum in [0, 1)
   */
  public ClassicalMomentum(double learningRate, double momentum) {
    this(learningRate, null, momentum);
    if (!(learningRate >= 0 && learningRate < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "the learning rate is " + learningRate + "; it has to be 0 or more");
    }
  }

  /** With a learning rate that changes. */
  public ClassicalMomentum(ISchedule learningRate, double momentum) {
    this(Double.NaN, Objects.requireNonNull(learningRate), momentum);
  }

  /** For Jackson: the schedule counts if there is one. */
  @JsonCreator
  private ClassicalMomentum(
      @JsonProperty("learningRate") double learningRate,
      @JsonProperty("learningRateSchedule") ISchedule learningRateSchedule,
      @JsonProperty("momentum") double momentum) {
    if (!(momentum >= 0 && momentum < 1)) {
      throw new IllegalArgumentException("momentum is " + momentum + "; it has to be in [0, 1)");
    }
    this.learningRate = learningRate;
    this.learningRateSchedule = learningRateSchedule;
    this.momentum = momentum;
  }

  /** How much of delta a step keeps. */
  public double momentum() {
    return momentum;
  }

  @Override
  public long stateSize(long parameters) {
    return parameters;
  }

  @Override
  public GradientUpdater<ClassicalMomentum> instantiate(INDArray state, boolean initialize) {
    ClassicalMomentumUpdater updater = new ClassicalMomentumUpdater(this);
    INDArray flat = state.reshape(state.length());
    updater.setStateViewArray(flat, flat.shape(), flat.ordering(), initialize);
    return updater;
  }

  @Override
  public GradientUpdater<ClassicalMomentum> instantiate(
      Map<String, INDArray> state, boolean initialize) {
    ClassicalMomentumUpdater updater = new ClassicalMomentumUpdater(this);
    updater.setState(state, initialize);
    return updater;
  }

  @Override
  public double getLearningRate(int iteration, int epoch) {
    return learningRateSchedule == null
        ? learningRate
        : learningRateSchedule.valueAt(iteration, epoch);
  }

  @Override
  public boolean hasLearningRate() {
    return true;
  }

  @Override
  public void setLrAndSchedule(double rate, ISchedule schedule) {
    this.learningRate = rate;
    this.learningRateSchedule = schedule;
  }

  @Override
  @SuppressWarnings("MethodDoesntCallSuperMethod")
  public ClassicalMomentum clone() {
    return new ClassicalMomentum(
        learningRate, learningRateSchedule == null ? null : learningRateSchedule.clone(), momentum);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ClassicalMomentum that
        && Double.compare(learningRate, that.learningRate) == 0
        && Double.compare(momentum, that.momentum) == 0
        && Objects.equals(learningRateSchedule, that.learningRateSchedule);
  }

  @Override
  public int hashCode() {
    return Objects.hash(learningRate, learningRateSchedule, momentum);
  }

  @Override
  public String toString() {
    Object rate = learningRateSchedule == null ? learningRate : learningRateSchedule;
    return "ClassicalMomentum(learningRate=" + rate + ", momentum=" + momentum + ")";
  }
}
