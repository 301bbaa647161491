package dev.convoy.models.engine.dl4j;

import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.optimize.api.StepFunction;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Subtracts what the updater made of the gradient, unless the updater moved the parameters. */
final class PlanStep implements StepFunction {
  private static final long serialVersionUID = 1L;

  private final transient ComputationGraph graph;

  PlanStep(ComputationGraph graph) {
    this.graph = graph;
  }

  @Override
  public void step(INDArray parameters, INDArray line) {
    boolean moved =
        graph.getUpdater(false) instanceof FusedMomentumUpdater fused && fused.takeMoved();
    if (!moved) {
      parameters.subi(line);
    }
  }

  @Override
  public void step(INDArray parameters, INDArray line, double step) {
    throw new UnsupportedOperationException("there is no line search on a plan");
  }

  @Override
  public void step() {
    throw new UnsupportedOperationException("a step needs parameters and what to subtract");
  }
}
