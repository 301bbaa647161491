package dev.convoy.trainer.benchmark.peer;

import org.apache.spark.TaskContext;
import org.apache.spark.util.CollectionAccumulator;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.spark.api.TrainingHook;
import org.nd4j.linalg.dataset.api.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/** Times the steps of dl4j-spark's workers; each task has a copy of its own. */
final class StepClock implements TrainingHook {

  private static final long serialVersionUID = 1L;

  private final CollectionAccumulator<StepTime> times;
  private transient long started;

  StepClock(CollectionAccumulator<StepTime> times) {
    this.times = times;
  }

  @Override
  public void preUpdate(MultiDataSet minibatch, Model model) {
    started = System.nanoTime();
  }

  @Override
  public void postUpdate(MultiDataSet minibatch, Model model) {
    times.add(
        new StepTime(TaskContext.get().taskAttemptId(), (System.nanoTime() - started) * 1e-9));
  }

  @Override
  public void preUpdate(DataSet minibatch, Model model) {
    throw new IllegalStateException("batches come as MultiDataSets");
  }

  @Override
  public void postUpdate(DataSet minibatch, Model model) {
    throw new IllegalStateException("batches come as MultiDataSets");
  }
}
