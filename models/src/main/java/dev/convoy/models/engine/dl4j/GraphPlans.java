package dev.convoy.models.engine.dl4j;

import dev.convoy.models.engine.CompiledNetwork;
import dev.convoy.models.engine.MemoryNeed;
import dev.convoy.models.engine.backend.Bindings;
import dev.convoy.models.engine.ir.External.Buffer;
import dev.convoy.models.engine.ir.ForwardPass.Mode;
import dev.convoy.models.engine.ir.TensorType;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Runs a graph's steps and predictions on plans, or says that it cannot. Its networks are the lock
 * of all it does, as they are of their freeing: no plan goes while it runs.
 */
final class GraphPlans {
  private static final Cleaner CLEANER = Cleaner.create();

  private final ComputationGraph graph;
  private EngineSettings settings;
  private final StockNotices notices;
  private final CompilationReport report;
  private final GraphInputs inputTypes;
  private final PlannedNetworks networks;
  private final Map<List<TensorType>, List<Refusal>> refused = new LinkedHashMap<>();

  /**
   * Frees its plans when the graph is gone.
   *
   * @throws UnsupportedGraphException if the settings want that
   */
  GraphPlans(ComputationGraph graph, EngineSettings settings, StockNotices notices) {
    this.graph = graph;
    this.settings = settings;
    this.notices = notices;
    this.report = GraphSource.check(graph);
    refuseIfStrict(report);
    var configuration = graph.getConfiguration();
    this.inputTypes = new GraphInputs(configuration.getNetworkInputs(), GraphReader.nodes(graph));
    this.networks =
        new PlannedNetworks(inputTypes.arrays(), configuration.getNetworkOutputs().size());
    CLEANER.register(graph, networks);
  }

  private void refuseIfStrict(CompilationReport found) {
    if (found.supported()) {
      return;
    }
    if (settings.unsupported() == EngineSettings.Unsupported.REFUSED) {
      throw new UnsupportedGraphException(found);
    }
    found.refusals().forEach(refusal -> notices.say("The whole graph runs", refusal.toString()));
  }

  EngineSettings settings() {
    synchronized (networks) {
      return settings;
    }
  }

  /** Dropout draws from this from now on, together with the iteration. */
  void seedDropout(long seed) {
    synchronized (networks) {
      settings = settings.withDropoutSeed(seed);
    }
  }

  /** With the inputs that turned out to run on stock layers. */
  CompilationReport report() {
    synchronized (networks) {
      return new CompilationReport(report.rows(), report.refusals(), refused);
    }
  }

  /** The network for inputs of these shapes with its plan compiled; empty if stock has to do. */
  Optional<PlannedNetwork> network(INDArray[] inputs, Mode mode) {
    synchronized (networks) {
      return found(inputs, mode);
    }
  }

  private Optional<PlannedNetwork> found(INDArray[] inputs, Mode mode) {
    if (!report.supported()) {
      return Optional.empty();
    }
    Optional<List<TensorType>> types = inputTypes.types(inputs);
    if (types.isEmpty()) {
      return Optional.empty();
    }
    if (refused.containsKey(types.get())) {
      return refuse(types.get(), refused.get(types.get()));
    }
    int batch = batch(inputs);
    for (INDArray input : inputs) {
      if (input.size(0) != batch) {
        return Optional.empty();
      }
    }
    if (!inputTypes.areBytes(inputs)) {
      notices.say("Batches are computed", "their pictures are not whole numbers from 0 to 255");
      return Optional.empty();
    }
    return planned(types.get(), batch, mode);
  }

  private Optional<PlannedNetwork> planned(List<TensorType> types, int batch, Mode mode) {
    try {
      Optional<PlannedNetwork> known = networks.find(types);
      if (known.isPresent()) {
        known.get().network().memory(batch, mode);
        return known;
      }
      return Optional.of(compiled(types, batch, mode));
    } catch (UnsupportedGraphException e) {
      return refuse(types, e.report().refusals());
    } catch (UnsupportedOperationException e) {
      String reason = settings.backend().description() + ": " + e.getMessage();
      return refuse(types, List.of(new Refusal(Refusal.GRAPH, "ComputationGraph", reason)));
    }
  }

  /** A network is kept once it has a plan: one that gets none takes no other's place. */
  private PlannedNetwork compiled(List<TensorType> types, int batch, Mode mode) {
    GraphSource source = GraphSource.of(graph, types, settings.variance());
    CompiledNetwork network = new CompiledNetwork(source, settings.backend(), settings.precision());
    try {
      network.memory(batch, mode);
      PlannedNetwork planned = new PlannedNetwork(network, source.classes());
      networks.add(types, planned);
      return planned;
    } catch (RuntimeException | Error e) {
      network.close();
      throw e;
    }
  }

  /** Nothing is asked of such inputs' network any more, and where stock will not do they throw. */
  private Optional<PlannedNetwork> refuse(List<TensorType> types, List<Refusal> reasons) {
    refused.put(types, reasons);
    networks.remove(types);
    refuseIfStrict(new CompilationReport(report.rows(), reasons));
    return Optional.empty();
  }

  /** Forward and backward; the loss summed over batch and outputs. */
  double gradient(PlannedNetwork network, INDArray[] inputs, INDArray[] labels, INDArray gradient) {
    synchronized (networks) {
      Bindings bindings = bindings(inputs);
      bindings.bind(Buffer.GRADIENT, FlatMemory.address(gradient));
      for (int i = 0; i < labels.length; i++) {
        bindings.bind(Buffer.LABELS, i, networks.labels().get(i).address(labels[i]));
      }
      long seed = settings.dropoutSeed(graph.getIterationCount());
      try {
        return network.network().gradient(batch(inputs), bindings, seed);
      } finally {
        Reference.reachabilityFence(graph); // its parameters are read by address
      }
    }
  }

  /** Writes the probabilities of every output into plain float32 arrays. */
  void predict(PlannedNetwork network, INDArray[] inputs, INDArray[] predictions) {
    synchronized (networks) {
      Bindings bindings = bindings(inputs);
      for (int i = 0; i < predictions.length; i++) {
        bindings.bind(Buffer.PREDICTIONS, i, FlatMemory.address(predictions[i]));
      }
      try {
        network.network().predict(batch(inputs), bindings);
      } finally {
        Reference.reachabilityFence(graph); // its parameters are read by address
      }
    }
  }

  private Bindings bindings(INDArray[] inputs) {
    Bindings bindings = new Bindings();
    bindings.bind(Buffer.PARAMETERS, FlatMemory.address(graph.params()));
    for (int i = 0; i < inputs.length; i++) {
      bindings.bind(Buffer.IMAGES, i, networks.inputs().get(i).address(inputs[i]));
    }
    return bindings;
  }

  /** Says that the parameters have other values than in the last prediction. */
  void parametersChanged() {
    synchronized (networks) {
      networks.all().forEach(planned -> planned.network().parametersChanged());
    }
  }

  static int batch(INDArray[] inputs) {
    return Math.toIntExact(inputs[0].size(0));
  }

  /** Waits for a step that runs. */
  void close() {
    networks.run();
  }

  /** What a plan for such inputs needs. */
  Optional<MemoryNeed> memory(INDArray[] inputs, Mode mode) {
    synchronized (networks) {
      return network(inputs, mode).map(network -> network.network().memory(batch(inputs), mode));
    }
  }
}
