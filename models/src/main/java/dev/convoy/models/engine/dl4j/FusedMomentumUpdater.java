package dev.convoy.models.engine.dl4j;

import dev.convoy.models.engine.backend.Backend;
import dev.convoy.models.engine.backend.MomentumUpdate;
import dev.convoy.models.engine.backend.ParameterUpdate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.updater.graph.ComputationGraphUpdater;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * {@link ClassicalMomentum} with the layers' L2 terms in one pass that also moves the parameters,
 * within a step of {@link PlanSolver}. The state is DL4J's own, in its layout. The gradient is left
 * as it was: sums over the batch. Whoever else asks for an update gets DL4J's: what to subtract.
 */
final class FusedMomentumUpdater extends ComputationGraphUpdater {
  private record Pass(MomentumParts.Segment segment, ParameterUpdate update) {
    long at(long base, long element) {
      return base + element * Float.BYTES;
    }
  }

  private final List<Pass> passes = new ArrayList<>();
  private final PlanSolver solver;
  private boolean moved;

  private FusedMomentumUpdater(
      ComputationGraph graph,
      INDArray state,
      List<MomentumParts.Segment> segments,
      PlanSolver solver,
      Backend on) {
    super(graph, state);
    this.solver = solver;
    for (MomentumParts.Segment segment : segments) {
      float momentum = (float) segment.rule().momentum();
      passes.add(new Pass(segment, on.update(new MomentumUpdate(momentum, segment.parts()))));
    }
  }

  /**
   * The fused form of an updater, with its state; empty if it does more than the fused can.
   *
   * @param solver of a graph that can be compiled: its gradients are float32 and means are wanted
   */
  static Optional<ComputationGraphUpdater> of(
      ComputationGraph graph, ComputationGraphUpdater updater, PlanSolver solver, Backend backend) {
    INDArray state = updater.getStateViewArray();
    if (state == null || !FlatMemory.isPlain(state) || !isFloat(state, graph.params())) {
      return Optional.empty();
    }
    return MomentumParts.of(updater.getUpdaterBlocks())
        .map(segments -> new FusedMomentumUpdater(graph, state, segments, solver, backend));
  }

  private static boolean isFloat(INDArray state, INDArray parameters) {
    return state.dataType() == DataType.FLOAT && parameters.dataType() == DataType.FLOAT;
  }

  @Override
  public synchronized void update(
      Gradient gradient, int iteration, int epoch, int batch, LayerWorkspaceMgr workspaces) {
    moved = false;
    // By address: DL4J makes a new view at each call and so never finds its own gradient again.
    long gradients = FlatMemory.address(getFlattenedGradientsView());
    if (!solver.isOptimizing() || FlatMemory.address(gradient.gradient()) != gradients) {
      super.update(gradient, iteration, epoch, batch, workspaces);
      return;
    }
    long parameters = FlatMemory.address(getParams());
    long deltas = FlatMemory.address(getStateViewArray());
    for (Pass pass : passes) {
      MomentumParts.Segment segment = pass.segment();
      pass.update()
          .run(
              pass.at(parameters, segment.begin()),
              pass.at(gradients, segment.begin()),
              pass.at(deltas, segment.state()),
              batch,
              segment.rule().getLearningRate(iteration, epoch));
    }
    moved = true;
  }

  /** Whether the last update moved the parameters itself; asked once an update. */
  boolean takeMoved() {
    boolean result = moved;
    moved = false;
    return result;
  }
}
