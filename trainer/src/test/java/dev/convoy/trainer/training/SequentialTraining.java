package dev.convoy.trainer.training;

import dev.convoy.data.batch.BatchLoader;
import dev.convoy.data.batch.ImageBatch;
import dev.convoy.data.dataset.Example;
import dev.convoy.data.dataset.Split;
import dev.convoy.data.plan.EpochPlan;
import dev.convoy.data.plan.ExampleRef;
import dev.convoy.models.state.NetworkState;
import dev.convoy.models.state.ParameterSlot;
import dev.convoy.models.training.ComputeProfile;
import dev.convoy.models.training.TrainingReplica;
import dev.convoy.trainer.Layouts;
import dev.convoy.trainer.config.ConvoyConfig;
import dev.convoy.trainer.config.SyncConfig;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;

/**
 * The strategies once more, written down as plainly as the papers have them: no Spark, no slices,
 * one worker after the other on one network, sums in float64. For networks without batch norm and
 * dropout.
 */
final class SequentialTraining {

  private final ConvoyConfig config;
  private final TrainingSetup setup;
  private final double[] outerMomentum;
  private final Map<Integer, List<Example>> shards = new HashMap<>();

  SequentialTraining(ConvoyConfig config) throws IOException {
    this.config = config;
    this.setup = TrainingSetups.of(config, new Configuration(false));
    this.outerMomentum = new double[setup.layout().length()];
  }

  /** The state after all epochs. */
  NetworkState train() throws IOException {
    NetworkState state = Layouts.initialState(setup.model(), config.seed());
    try (TrainingReplica replica =
        TrainingReplica.create(
            setup.model(), setup.optimizer(), 0, ComputeProfile.resolve(1, config.precision()))) {
      for (int epoch = 0; epoch < config.epochs(); epoch++) {
        EpochPlan plan = EpochPlan.of(setup.shardSizes(), setup.plan(), epoch);
        int tau = tau(epoch);
        for (int first = 0; first < plan.steps(); first += tau) {
          state = round(replica, plan, first, Math.min(first + tau, plan.steps()), state);
        }
      }
    }
    return state;
  }

  private int tau(int epoch) {
    return config.sync() instanceof SyncConfig.PostLocal postLocal
            && epoch < postLocal.localFromEpoch()
        ? 1
        : config.sync().steps();
  }

  private NetworkState round(
      TrainingReplica replica, EpochPlan plan, int first, int end, NetworkState start)
      throws IOException {
    int length = start.parameters().length;
    double total = 0;
    for (int worker = 0; worker < config.workers(); worker++) {
      total += plan.examplesOf(worker, first, end);
    }
    double[] parameters = new double[length];
    double[] momentum = new double[length];
    for (int worker = 0; worker < config.workers(); worker++) {
      replica.restore(start);
      for (int step = first; step < end; step++) {
        ImageBatch batch = batch(plan, worker, step);
        replica.step(batch.features(), batch.labels(), rate(plan, step));
      }
      NetworkState trained = replica.capture();
      double share = plan.examplesOf(worker, first, end) / total;
      for (int i = 0; i < length; i++) {
        parameters[i] += share * trained.parameters()[i];
        momentum[i] += share * trained.momentum()[i];
      }
    }
    if (config.sync() instanceof SyncConfig.Slowmo slowmo) {
      double gamma = 0;
      for (int step = first; step < end; step++) {
        gamma += rate(plan, step) / (end - first);
      }
      slowMomentum(slowmo, gamma, start, parameters);
    }
    return new NetworkState(rounded(parameters), rounded(momentum));
  }

  /** Algorithm 1 of arXiv:1910.00643, lines 8 and 9. */
  private void slowMomentum(
      SyncConfig.Slowmo slowmo, double gamma, NetworkState start, double[] parameters) {
    for (ParameterSlot slot : setup.layout().slots()) {
      if (!slot.kind().trainable()) {
        throw new IllegalArgumentException("a network without running statistics is needed");
      }
    }
    for (int i = 0; i < parameters.length; i++) {
      double x = start.parameters()[i];
      double direction = gamma == 0 ? 0 : (x - parameters[i]) / gamma;
      outerMomentum[i] = slowmo.outerMomentum() * outerMomentum[i] + direction;
      parameters[i] = x - slowmo.outerLearningRate() * gamma * outerMomentum[i];
    }
  }

  private ImageBatch batch(EpochPlan plan, int worker, int step) throws IOException {
    List<Example> examples = new ArrayList<>();
    for (ExampleRef ref : plan.batch(worker, step)) {
      examples.add(shard(ref.shard()).get(ref.row()));
    }
    return new BatchLoader(1, 28, 28, setup.training(), config.seed()).load(examples, plan.epoch());
  }

  private List<Example> shard(int shard) throws IOException {
    if (!shards.containsKey(shard)) {
      shards.put(
          shard, setup.dataset().reader().read(setup.manifest().shards(Split.TRAIN).get(shard)));
    }
    return shards.get(shard);
  }

  private double rate(EpochPlan plan, int step) {
    return setup.schedule().at(plan.epoch() + (double) plan.examplesBefore(step) / plan.examples());
  }

  private static float[] rounded(double[] values) {
    float[] rounded = new float[values.length];
    for (int i = 0; i < rounded.length; i++) {
      rounded[i] = (float) values[i];
    }
    return rounded;
  }
}
