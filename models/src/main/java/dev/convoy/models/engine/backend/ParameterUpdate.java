package dev.convoy.models.engine.backend;

/** A {@link MomentumUpdate} ready to run. Used by one thread at a time. */
public interface ParameterUpdate {
  /**
   * One update in place.
   *
   * @param parameters address of the flat float32 vector
   * @param gradient address of its gradient, summed over the batch
   * @param momentum address of delta
   * @param weight what the sum is divided by: the examples in the batch, or the sum of their
   *     weights
   * @param rate learning rate, rounded to float32
   */
  void run(long parameters, long gradient, long momentum, double weight, double rate);
}
