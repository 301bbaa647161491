package dev.convoy.models.training;

import dev.convoy.models.engine.CompiledNetwork;
import dev.convoy.models.engine.backend.Backend;
import dev.convoy.models.engine.backend.DeviceMemory;
import dev.convoy.models.engine.backend.MomentumUpdate;
import dev.convoy.models.engine.backend.MomentumUpdate.Rule;
import dev.convoy.models.engine.backend.ParameterUpdate;
import java.util.function.LongSupplier;

/**
 * A batch's gradient and the move that follows, with the batch as a whole or in parts. In parts the
 * gradients are added in float32 in their order, statistics move with each part, parameters once.
 */
final class MomentumStep {
  private final CompiledNetwork network;
  private final ReplicaMemory memory;
  private final Backend backend;
  private final int microBatches;
  private final ParameterUpdate update;
  private final ParameterUpdate statistics;
  private final ParameterUpdate descent;

  /**
   * @param microBatches parts of a batch; with 1 nothing is held or computed for parts
   */
  MomentumStep(
      CompiledNetwork network,
      ReplicaMemory memory,
      Backend backend,
      MomentumUpdate rules,
      int microBatches) {
    this.network = network;
    this.memory = memory;
    this.backend = backend;
    this.microBatches = microBatches;
    this.update = backend.update(rules);
    boolean parts = microBatches > 1;
    this.statistics = parts ? backend.update(rules.freezing(Rule.DESCENT)) : update;
    this.descent = parts ? backend.update(rules.freezing(Rule.STATISTICS)) : update;
  }

  /**
   * One step.
   *
   * @param targets {@code [examples, classes]}
   * @param weight what the sums over the batch are divided by
   * @param seeds of dropout's masks, one for each pass through the network
   * @return the sum of the losses
   */
  double run(
      float[] images,
      float[] targets,
      int examples,
      double weight,
      double rate,
      LongSupplier seeds) {
    if (microBatches == 1) {
      return network.step(
          examples, memory.training(images, targets), seeds.getAsLong(), update, weight, rate);
    }
    double loss = 0;
    for (MicroBatches.Part part : new MicroBatches(examples, microBatches).cut()) {
      DeviceMemory into = part.begin() == 0 ? memory.gradientSum() : memory.gradient();
      float[] partImages = part.rows(images, images.length / examples);
      float[] partTargets = part.rows(targets, targets.length / examples);
      loss +=
          network.gradient(
              part.examples(), memory.training(partImages, partTargets, into), seeds.getAsLong());
      move(statistics, into, weight, rate);
      if (part.begin() > 0) {
        backend.add(memory.gradientSum().address(), into.address(), into.bytes() / Float.BYTES);
      }
    }
    move(descent, memory.gradientSum(), weight, rate);
    return loss;
  }

  private void move(ParameterUpdate rule, DeviceMemory gradient, double weight, double rate) {
    rule.run(
        memory.parameters().address(),
        gradient.address(),
        memory.momentum().address(),
        weight,
        rate);
  }
}
