package dev.convoy.trainer.dl4j;

import dev.convoy.models.engine.dl4j.CompiledGraph;
import java.util.concurrent.atomic.AtomicInteger;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.spark.api.TrainingHook;
import org.nd4j.linalg.dataset.api.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/** Counts the steps of networks that the engine compiled, all vertices of them. */
final class PlannedStepsHook implements TrainingHook {
  private static final long serialVersionUID = 1L;

  static final AtomicInteger STEPS = new AtomicInteger();

  @Override
  public void preUpdate(DataSet batch, Model model) {}

  @Override
  public void postUpdate(DataSet batch, Model model) {}

  @Override
  public void preUpdate(MultiDataSet batch, Model model) {}

  @Override
  public void postUpdate(MultiDataSet batch, Model model) {
    if (model instanceof CompiledGraph compiled && compiled.report().supported()) {
      STEPS.incrementAndGet();
    }
  }
}
