package dev.convoy.models.engine.dl4j;

import java.util.Collection;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.deeplearning4j.optimize.Solver;
import org.deeplearning4j.optimize.api.ConvexOptimizer;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.deeplearning4j.optimize.solvers.StochasticGradientDescent;

/** DL4J's stochastic gradient descent with an updater that may move the parameters itself. */
final class PlanSolver extends Solver {
  private final ConvexOptimizer optimizer;
  private boolean optimizing;

  PlanSolver(ComputationGraph graph) {
    optimizer =
        new StochasticGradientDescent(
            graph.conf(), new PlanStep(graph), graph.getListeners(), graph);
  }

  @Override
  public void optimize(LayerWorkspaceMgr workspaces) {
    optimizing = true;
    try {
      optimizer.optimize(workspaces);
    } finally {
      optimizing = false;
    }
  }

  /** Whether a step is under way: only then does an update end in {@link PlanStep}. */
  boolean isOptimizing() {
    return optimizing;
  }

  @Override
  public void initOptimizer() {
    // It is there from the beginning.
  }

  @Override
  public ConvexOptimizer getOptimizer() {
    return optimizer;
  }

  @Override
  public void setListeners(Collection<TrainingListener> listeners) {
    optimizer.setListeners(listeners);
  }
}
