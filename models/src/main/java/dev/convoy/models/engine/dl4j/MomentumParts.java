package dev.convoy.models.engine.dl4j;

import dev.convoy.models.engine.backend.MomentumUpdate;
import dev.convoy.models.engine.backend.MomentumUpdate.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.layers.FrozenLayer;
import org.deeplearning4j.nn.updater.UpdaterBlock;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.learning.regularization.L2Regularization;
import org.nd4j.linalg.learning.regularization.Regularization;
import org.nd4j.linalg.schedule.FixedSchedule;

/**
 * DL4J's updater blocks as parts of one pass. Its state has no room for what is not trained, so
 * that delta lies closer than its parameters: where the distance changes a new segment begins.
 */
final class MomentumParts {
  /**
   * Neighbouring parameters whose deltas are neighbours, too.
   *
   * @param begin its first parameter
   * @param state its first delta
   * @param parts relative to {@code begin}
   */
  record Segment(long begin, long state, ClassicalMomentum rule, List<MomentumUpdate.Part> parts) {}

  private final List<Segment> segments = new ArrayList<>();

  private MomentumParts() {}

  /** The segments; empty if not all of the blocks are classical momentum with L2 or nothing. */
  static Optional<List<Segment>> of(List<UpdaterBlock> blocks) {
    MomentumParts parts = new MomentumParts();
    for (UpdaterBlock block : blocks) {
      IUpdater updater = block.getGradientUpdater().getConfig();
      for (UpdaterBlock.ParamState state : block.getLayersAndVariablesInBlock()) {
        if (!parts.add(block, state, updater)) {
          return Optional.empty();
        }
      }
    }
    return Optional.of(List.copyOf(parts.segments));
  }

  private boolean add(UpdaterBlock block, UpdaterBlock.ParamState state, IUpdater updater) {
    GraphVertex vertex = (GraphVertex) state.getLayer();
    boolean clipped =
        vertex.getConfig().getGradientNormalization() != null
            && vertex.getConfig().getGradientNormalization() != GradientNormalization.None;
    if (clipped) {
      return false;
    }
    if (updater instanceof ClassicalMomentum rule) {
      Optional<Double> decay =
          decay(vertex.getConfig().getRegularizationByParam(state.getParamName()));
      decay.ifPresent(value -> append(block, state, rule, Rule.DESCENT, value.floatValue()));
      return decay.isPresent();
    }
    boolean frozen = vertex.getLayer() instanceof FrozenLayer;
    if (!(updater instanceof NoOp)
        || (!frozen && vertex.updaterDivideByMinibatch(state.getParamName()))) {
      return false;
    }
    appendUntrained(state, frozen ? Rule.FROZEN : Rule.STATISTICS);
    return true;
  }

  private static Optional<Double> decay(List<Regularization> regularizations) {
    if (regularizations == null || regularizations.isEmpty()) {
      return Optional.of(0.0);
    }
    if (regularizations.size() == 1
        && regularizations.get(0) instanceof L2Regularization l2
        && l2.getL2() instanceof FixedSchedule fixed) {
      return Optional.of(fixed.valueAt(0, 0));
    }
    return Optional.empty();
  }

  private void append(
      UpdaterBlock block,
      UpdaterBlock.ParamState state,
      ClassicalMomentum rule,
      Rule how,
      float decay) {
    long delta =
        (long) block.getUpdaterViewOffsetStart()
            + state.getParamOffsetStart()
            - block.getParamOffsetStart();
    long distance = state.getParamOffsetStart() - delta;
    Segment last = segments.isEmpty() ? null : segments.get(segments.size() - 1);
    if (last == null || last.begin() - last.state() != distance || !last.rule().equals(rule)) {
      last = new Segment(state.getParamOffsetStart(), delta, rule, new ArrayList<>());
      segments.add(last);
    }
    add(last, state, how, decay);
  }

  /** Has no delta and so goes with whatever is before it. */
  private void appendUntrained(UpdaterBlock.ParamState state, Rule how) {
    if (segments.isEmpty()) {
      ClassicalMomentum none = new ClassicalMomentum(0, 0);
      segments.add(new Segment(state.getParamOffsetStart(), 0, none, new ArrayList<>()));
    }
    add(segments.get(segments.size() - 1), state, how, 0);
  }

  private static void add(Segment to, UpdaterBlock.ParamState state, Rule how, float decay) {
    long begin = state.getParamOffsetStart() - to.begin();
    long end = state.getParamOffsetEnd() - to.begin();
    List<MomentumUpdate.Part> parts = to.parts();
    MomentumUpdate.Part last = parts.isEmpty() ? null : parts.get(parts.size() - 1);
    if (last != null && last.end() == begin && last.rule() == how && last.decay() == decay) {
      parts.remove(parts.size() - 1);
      begin = last.begin();
    }
    parts.add(new MomentumUpdate.Part(begin, end, how, decay));
  }
}
