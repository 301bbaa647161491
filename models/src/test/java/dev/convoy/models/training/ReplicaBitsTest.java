package dev.convoy.models.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.models.InputShape;
import dev.convoy.models.ModelRegistry;
import dev.convoy.models.ModelSpec;
import dev.convoy.models.OtherJvm;
import dev.convoy.models.engine.Precision;
import dev.convoy.models.engine.dl4j.ClassicalMomentum;
import dev.convoy.models.engine.dl4j.CompiledGraph;
import dev.convoy.models.engine.dl4j.EngineSettings;
import dev.convoy.models.state.NetworkState;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/** The same steps give the same bits, whatever else the process does. */
class ReplicaBitsTest {

  @Test
  void sameBitsAgainAndInOtherThreadsAtOnce() throws Exception {
    for (ModelSpec spec : List.of(Replicas.LENET, Replicas.SMALL_RESNET)) {
      NetworkState first = Replicas.trained(spec, 6);
      assertThat(Replicas.trained(spec, 6)).as("again").isEqualTo(first);

      ExecutorService threads = Executors.newFixedThreadPool(2);
      try {
        Callable<NetworkState> training = () -> Replicas.trained(spec, 6);
        for (Future<NetworkState> result : threads.invokeAll(List.of(training, training))) {
          assertThat(result.get()).as("beside another").isEqualTo(first);
        }
      } finally {
        threads.shutdown();
      }
    }
  }

  /** Something that trains, of whatever kind. */
  private interface Training extends AutoCloseable {
    void step(int step);

    /** Parameters and what the update remembers, one after the other. */
    List<float[]> state();

    @Override
    void close();
  }

  private static final class OfReplica implements Training {
    private final ModelSpec spec;
    private final TrainingReplica replica;

    OfReplica(ModelSpec spec) {
      this.spec = spec;
      this.replica = Replicas.create(spec);
      replica.initialise(1);
    }

    @Override
    public void step(int step) {
      int examples = 7 + step % 2;
      replica.step(Replicas.images(spec, examples, step), Replicas.labels(examples, step), 0.05);
    }

    @Override
    public List<float[]> state() {
      NetworkState state = replica.capture();
      return List.of(state.parameters(), state.momentum());
    }

    @Override
    public void close() {
      replica.close();
    }
  }

  private static final class OfGraph implements Training {
    private final ModelSpec spec = ModelSpec.of("resnet20_cifar", new InputShape(3, 12, 12), 10);
    private final CompiledGraph graph;

    OfGraph() {
      ComputationGraph plain = ModelRegistry.standard().build(spec, 1);
      for (Layer layer : plain.getLayers()) {
        if (layer.conf().getLayer() instanceof BaseLayer trained) {
          trained.setIUpdater(new ClassicalMomentum(0.05, 0.9));
        }
      }
      EngineSettings settings = EngineSettings.withThreads(1).with(Precision.FLOAT32);
      graph = CompiledGraph.adopt(plain, settings.with(EngineSettings.Unsupported.REFUSED));
    }

    @Override
    public void step(int step) {
      int examples = 6 + step % 2;
      INDArray images = Nd4j.createFromArray(Replicas.images(spec, examples, step));
      INDArray labels = Nd4j.zeros(examples, spec.classes());
      int[] classes = Replicas.labels(examples, step);
      for (int i = 0; i < examples; i++) {
        labels.putScalar(i, classes[i], 1);
      }
      graph.fit(new DataSet(images.reshape('c', examples, 3, 12, 12), labels));
    }

    @Override
    public List<float[]> state() {
      return List.of(
          graph.params().dup('c').data().asFloat(), graph.updaterState().dup('c').data().asFloat());
    }

    @Override
    public void close() {
      graph.freePlans();
    }
  }

  /** Two replicas of different networks and a graph of DL4J's, step by step at the same time. */
  @Test
  void sameBitsBesideOtherNetworks() throws Exception {
    List<Supplier<Training>> kinds =
        List.of(
            () -> new OfReplica(Replicas.LENET),
            () -> new OfReplica(Replicas.SMALL_RESNET),
            OfGraph::new);
    List<List<float[]>> alone = new ArrayList<>();
    for (Supplier<Training> kind : kinds) {
      alone.add(trained(kind, new CyclicBarrier(1)));
    }
    ExecutorService threads = Executors.newFixedThreadPool(kinds.size());
    try {
      CyclicBarrier together = new CyclicBarrier(kinds.size());
      List<Callable<List<float[]>>> trainings = new ArrayList<>();
      for (Supplier<Training> kind : kinds) {
        trainings.add(() -> trained(kind, together));
      }
      List<Future<List<float[]>>> beside = threads.invokeAll(trainings);
      for (int i = 0; i < kinds.size(); i++) {
        List<float[]> state = beside.get(i).get();
        assertThat(state).hasSameSizeAs(alone.get(i));
        for (int part = 0; part < state.size(); part++) {
          assertThat(state.get(part)).as("network %d", i).isEqualTo(alone.get(i).get(part));
        }
      }
    } finally {
      threads.shutdown();
    }
  }

  private static List<float[]> trained(Supplier<Training> kind, CyclicBarrier together)
      throws Exception {
    try (Training training = kind.get()) {
      for (int step = 0; step < 8; step++) {
        together.await(1, TimeUnit.MINUTES); // so that all are at their steps at once
        training.step(step);
      }
      return training.state();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void sameBitsInAnotherProcess(int threads) throws Exception {
    List<String> printed =
        OtherJvm.run(entry -> true, PrintedDigest.class, String.valueOf(threads));
    assertThat(printed).contains(PrintedDigest.MARK + PrintedDigest.digest(threads));
  }

  @Test
  void capturedAndRestoredGoesOnAsIfNothingHappened() {
    ModelSpec spec = Replicas.SMALL_RESNET;
    try (TrainingReplica one = Replicas.create(spec);
        TrainingReplica other = Replicas.create(spec)) {
      one.initialise(1);
      Replicas.train(one, spec, 3);
      other.restore(one.capture());
      Replicas.train(one, spec, 3);
      Replicas.train(other, spec, 3);
      assertThat(other.capture()).isEqualTo(one.capture());
    }
  }

  @Test
  void predictingBetweenStepsChangesNothing() {
    ModelSpec spec = Replicas.SMALL_RESNET;
    try (TrainingReplica one = Replicas.create(spec);
        TrainingReplica other = Replicas.create(spec)) {
      one.initialise(1);
      other.initialise(1);
      Replicas.train(one, spec, 2);
      other.step(Replicas.images(spec, 7, 0), Replicas.labels(7, 0), 0.05);
      other.probabilities(Replicas.images(spec, 3, 5), 3);
      other.step(Replicas.images(spec, 8, 1), Replicas.labels(8, 1), 0.05);
      assertThat(other.capture()).isEqualTo(one.capture());
    }
  }
}
