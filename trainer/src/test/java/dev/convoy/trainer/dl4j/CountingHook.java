package dev.convoy.trainer.dl4j;

import java.util.concurrent.atomic.AtomicInteger;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.spark.api.TrainingHook;
import org.nd4j.linalg.dataset.api.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/** Counts its calls, which in local mode happen in this JVM. */
final class CountingHook implements TrainingHook {

  static final AtomicInteger STEPS = new AtomicInteger();

  private static final long serialVersionUID = 1L;

  @Override
  public void preUpdate(DataSet minibatch, Model model) {
    throw new IllegalStateException("batches are MultiDataSets");
  }

  @Override
  public void postUpdate(DataSet minibatch, Model model) {
    throw new IllegalStateException("batches are MultiDataSets");
  }

  @Override
  public void preUpdate(MultiDataSet minibatch, Model model) {
    STEPS.incrementAndGet();
  }

  @Override
  public void postUpdate(MultiDataSet minibatch, Model model) {
    STEPS.incrementAndGet();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CountingHook;
  }

  @Override
  public int hashCode() {
    return 1;
  }
}
