package dev.convoy.trainer.dl4j;

import org.apache.spark.TaskContext;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.spark.api.TrainingHook;
import org.nd4j.linalg.dataset.api.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/** Makes the first attempt of each worker's round fail after a step. */
final class FailingOnceHook implements TrainingHook {
  private static final long serialVersionUID = 1L;

  @Override
  public void preUpdate(DataSet minibatch, Model model) {}

  @Override
  public void postUpdate(DataSet minibatch, Model model) {}

  @Override
  public void preUpdate(MultiDataSet minibatch, Model model) {}

  @Override
  public void postUpdate(MultiDataSet minibatch, Model model) {
    if (TaskContext.get().attemptNumber() == 0) {
      throw new IllegalStateException("a first attempt, failing on purpose");
    }
  }
}
