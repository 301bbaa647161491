package dev.convoy.models.engine.dl4j;

import dev.convoy.models.engine.NetworkSource;
import dev.convoy.models.engine.ir.External;
import dev.convoy.models.engine.ir.ForwardPass;
import dev.convoy.models.engine.ir.TensorType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * A {@link ComputationGraph} as the engine's program: float32, PLAIN, one operation for what DL4J
 * calls a layer or a vertex, or a few. What it needs of the graph is read once; the parameters stay
 * the graph's.
 */
public final class GraphSource implements NetworkSource {
  private static final int TRIAL_BATCH = 2;

  private final List<GraphNode> nodes;
  private final List<GraphNode> predicting;
  private final List<String> inputNames;
  private final List<String> outputs;
  private final List<TensorType> inputs;
  private final VarianceEstimate estimate;
  private final List<Double> classWeights;
  private final long parameters;

  private GraphSource(
      ComputationGraph graph,
      List<GraphNode> nodes,
      List<GraphNode> predicting,
      List<TensorType> inputs,
      VarianceEstimate estimate,
      List<Double> classWeights) {
    this.nodes = nodes;
    this.predicting = predicting;
    this.inputNames = List.copyOf(graph.getConfiguration().getNetworkInputs());
    this.outputs = List.copyOf(graph.getConfiguration().getNetworkOutputs());
    this.inputs = List.copyOf(inputs);
    this.estimate = estimate;
    this.classWeights = List.copyOf(classWeights);
    this.parameters = graph.numParams();
    if (this.inputs.size() != inputNames.size()) {
      throw new IllegalArgumentException(
          "the graph has the inputs " + inputNames + ", shapes are given for " + inputs.size());
    }
  }

  /**
   * The source of an initialised graph.
   *
   * @param inputs for each input of the graph what one example of it is, such as float32 {@code
   *     [channels, height, width]} or {@code [features]}
   * @throws UnsupportedGraphException naming everything that cannot be compiled
   */
  public static GraphSource of(
      ComputationGraph graph, List<TensorType> inputs, VarianceEstimate estimate) {
    requireSupported(graph, inputs);
    List<GraphNode> nodes = GraphReader.nodes(graph);
    return new GraphSource(graph, nodes, nodes, inputs, estimate, List.of());
  }

  /**
   * As {@link #of}, but inference computes the graph's first output and nothing that only others
   * need: auxiliary classifiers are there in training, and where its statistics are asked for.
   *
   * @param classWeights weights of the classes in the losses of all outputs, beside those of the
   *     graph's own losses: one a class, or none where all are 1
   * @throws UnsupportedGraphException naming everything that cannot be compiled
   */
  public static GraphSource predictingFirstOutput(
      ComputationGraph graph,
      List<TensorType> inputs,
      VarianceEstimate estimate,
      List<Double> classWeights) {
    requireSupported(graph, inputs);
    List<GraphNode> nodes = GraphReader.nodes(graph);
    Set<String> needed = new HashSet<>();
    needed.add(graph.getConfiguration().getNetworkOutputs().get(0));
    List<GraphNode> predicting = new ArrayList<>();
    for (int i = nodes.size() - 1; i >= 0; i--) { // a node comes after its inputs
      if (needed.contains(nodes.get(i).name())) {
        predicting.add(0, nodes.get(i));
        needed.addAll(nodes.get(i).inputs());
      }
    }
    return new GraphSource(graph, nodes, predicting, inputs, estimate, classWeights);
  }

  private static void requireSupported(ComputationGraph graph, List<TensorType> inputs) {
    CompilationReport report = check(graph, inputs);
    if (!report.supported()) {
      throw new UnsupportedGraphException(report);
    }
  }

  /** What stands against compiling a graph, its inputs' shapes apart. */
  public static CompilationReport check(ComputationGraph graph) {
    return GraphCheck.of(graph, GraphReader.nodes(graph));
  }

  /** What stands against compiling a graph for inputs of these types, one example each. */
  public static CompilationReport check(ComputationGraph graph, List<TensorType> inputs) {
    CompilationReport report = check(graph);
    if (!report.supported()) {
      return report;
    }
    List<GraphNode> nodes = GraphReader.nodes(graph);
    GraphSource source =
        new GraphSource(graph, nodes, nodes, inputs, VarianceEstimate.POPULATION, List.of());
    List<Refusal> refusals = new ArrayList<>();
    source.write(TRIAL_BATCH, ForwardPass.Mode.TRAINING, refusals);
    return new CompilationReport(report.rows(), refusals);
  }

  @Override
  public ForwardPass forward(int batch, ForwardPass.Mode mode) {
    if (batch < 1) {
      throw new IllegalArgumentException("a batch has to have at least one example");
    }
    List<Refusal> refusals = new ArrayList<>();
    PassWriter pass = write(batch, mode, refusals);
    if (!refusals.isEmpty()) {
      throw new IllegalStateException("it compiled before, but not now: " + refusals);
    }
    return pass.finish();
  }

  /** Stops at the first vertex that does not fit its inputs: what follows has no inputs then. */
  private PassWriter write(int batch, ForwardPass.Mode mode, List<Refusal> refusals) {
    PassWriter pass = new PassWriter(batch, mode, estimate, outputs, classWeights);
    for (int i = 0; i < inputs.size(); i++) {
      pass.input(inputNames.get(i), i, inputs.get(i));
    }
    for (GraphNode node : mode == ForwardPass.Mode.INFERENCE ? predicting : nodes) {
      try {
        pass.vertex(node, Translators.of(node).orElseThrow());
      } catch (IllegalArgumentException e) {
        refusals.add(node.refusal(e.getMessage()));
        return pass;
      }
    }
    return pass;
  }

  /** For each output of the graph the number of its classes. */
  List<Integer> classes() {
    Integer[] classes = new Integer[outputs.size()];
    forward(1, ForwardPass.Mode.INFERENCE)
        .program()
        .externals()
        .forEach(
            (value, place) -> {
              if (place.buffer() == External.Buffer.PREDICTIONS) {
                classes[place.index()] = value.shape().channels();
              }
            });
    return List.of(classes);
  }

  @Override
  public long parameters() {
    return parameters;
  }
}
