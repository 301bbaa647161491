package dev.convoy.models.engine.dl4j;

import dev.convoy.models.engine.CompiledNetwork;
import dev.convoy.models.engine.MemoryNeed;
import dev.convoy.models.engine.backend.Bindings;
import dev.convoy.models.engine.ir.External.Buffer;
import dev.convoy.models.engine.ir.ForwardPass.Mode;
import dev.convoy.models.engine.ir.TensorType;
import java.lang.ref.Cleaner;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Runs a graph's steps and predictions on plans, or says that it cannot. */
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

  synchronized EngineSettings settings() {
    return settings;
  }

  /** Dropout draws from this from now on, together with the iteration. */
  synchronized void seedDropout(long seed) {
    settings = settings.withDropoutSeed(seed);
  }

  /** With the inputs that turned out to run on stock layers. */
  synchronized CompilationReport report() {
    return new CompilationReport(report.rows(), report.refusals(), refused);
  }

  /** The network for inputs of these shapes with its plan compiled; empty if stock has to do. */
  synchronized Optional<PlannedNetwork> network(INDArray[] inputs, Mode mode) {
    if (!report.supported()) {
      return Optional.empty();
    }
    Optional<List<TensorType>> types = inputTypes.types(inputs);
    if (types.isEmpty() || refused.containsKey(types.get())) {
      return Optional.empty();
    }
    int batch = batch(inputs);
    for (INDArray input : inputs) {
      if (input.size(0) != batch) {
        return Optional.empty();
      }
    }
    return planned(types.get(), batch, mode);
  }

  private Optional<PlannedNetwork> planned(List<TensorType> types, int batch, Mode mode) {
    PlannedNetwork network = networks.find(types).orElse(null);
    try {
      if (network == null) {
        GraphSource source = GraphSource.of(graph, types, settings.variance());
        network =
            new PlannedNetwork(
                new CompiledNetwork(source, settings.backend(), settings.precision()),
                source.classes());
        networks.add(types, network);
      }
      network.network().memory(batch, mode);
      return Optional.of(network);
    } catch (UnsupportedGraphException e) {
      refused.put(types, e.report().refusals());
      refuseIfStrict(e.report());
      return Optional.empty();
    } catch (UnsupportedOperationException e) {
      String reason = settings.backend().description() + ": " + e.getMessage();
      Refusal refusal = new Refusal(Refusal.GRAPH, "ComputationGraph", reason);
      refused.put(types, List.of(refusal));
      refuseIfStrict(new CompilationReport(report.rows(), List.of(refusal)));
      return Optional.empty();
    }
  }

  /** Forward and backward; the loss summed over batch and outputs. */
  synchronized double gradient(
      PlannedNetwork network, INDArray[] inputs, INDArray[] labels, INDArray gradient) {
    Bindings bindings = bindings(inputs);
    bindings.bind(Buffer.GRADIENT, FlatMemory.address(gradient));
    for (int i = 0; i < labels.length; i++) {
      bindings.bind(Buffer.LABELS, i, networks.labels().get(i).address(labels[i]));
    }
    int iteration = graph.getIterationCount();
    return network.network().gradient(batch(inputs), bindings, settings.dropoutSeed(iteration));
  }

  /** Writes the probabilities of every output into plain float32 arrays. */
  synchronized void predict(PlannedNetwork network, INDArray[] inputs, INDArray[] predictions) {
    Bindings bindings = bindings(inputs);
    for (int i = 0; i < predictions.length; i++) {
      bindings.bind(Buffer.PREDICTIONS, i, FlatMemory.address(predictions[i]));
    }
    network.network().predict(batch(inputs), bindings);
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
  synchronized void parametersChanged() {
    networks.all().forEach(planned -> planned.network().parametersChanged());
  }

  static int batch(INDArray[] inputs) {
    return Math.toIntExact(inputs[0].size(0));
  }

  void close() {
    networks.run();
  }

  /** What a plan for such inputs needs. */
  synchronized Optional<MemoryNeed> memory(INDArray[] inputs, Mode mode) {
    return network(inputs, mode).map(network -> network.network().memory(batch(inputs), mode));
  }
}
