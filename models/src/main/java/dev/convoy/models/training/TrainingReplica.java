package dev.convoy.models.training;

import dev.convoy.models.InitialParameters;
import dev.convoy.models.ModelRegistry;
import dev.convoy.models.ModelSpec;
import dev.convoy.models.state.NetworkState;
import dev.convoy.models.state.ParameterLayout;
import java.util.Map;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * One network with its momentum, which is trained step by step. Used by one thread at a time;
 * replicas in different threads do not disturb each other. With one compute thread (see {@link
 * ComputeProfile}) the same state, batches and rates give the same bits, in any thread and beside
 * any other replica.
 *
 * <p>After {@link #create} it has to be given a state with {@link #restore}. What it holds outside
 * Java's heap is freed by {@link #close}, which the thread that trained should call.
 */
public final class TrainingReplica implements AutoCloseable {
  private final ModelSpec spec;
  private final int threads;
  private final ComputationGraph graph;
  private final ParameterLayout layout;
  private final MomentumSgd optimizer;
  private final RunningVariance runningVariance;
  private final SoftLabels softLabels;
  private final ReplicaScratch scratch = new ReplicaScratch();
  private final BatchArrays features;
  private final BatchArrays labels;
  private final float[] parameters;
  private final float[] momentum;
  private final float[] gradient;
  private Thread computing = Thread.currentThread();
  private boolean hasState;
  private boolean closed;

  private TrainingReplica(
      ModelSpec spec, OptimizerSettings settings, double labelSmoothing, int threads) {
    this.spec = spec;
    this.threads = threads;
    this.softLabels = new SoftLabels(spec.classes(), labelSmoothing);
    this.graph = ModelRegistry.standard().buildEmpty(spec);
    this.graph.initGradientsView();
    FastLayers.install(graph, scratch);
    this.layout = ParameterLayout.of(graph);
    this.optimizer = new MomentumSgd(layout, settings);
    int channels = spec.input().channels();
    int height = spec.input().height();
    int width = spec.input().width();
    Map<String, InputType> shapes =
        graph
            .getConfiguration()
            .getLayerActivationTypes(InputType.convolutional(height, width, channels));
    this.runningVariance = new RunningVariance(graph, layout, shapes);
    this.features = new BatchArrays(channels, height, width);
    this.labels = new BatchArrays(spec.classes());
    this.parameters = new float[layout.length()];
    this.momentum = new float[layout.length()];
    this.gradient = new float[layout.length()];
  }

  /**
   * A replica without a state.
   *
   * @param labelSmoothing eps in [0, 1)
   * @param profile whose number of threads this process takes
   * @throws dev.convoy.models.InvalidModelException if the model cannot be built
   * @throws IllegalStateException if this process already computes with another number of threads
   */
  public static TrainingReplica create(
      ModelSpec spec, OptimizerSettings settings, double labelSmoothing, ComputeProfile profile) {
    ComputeThreads.claim(profile.threads());
    return new TrainingReplica(spec, settings, labelSmoothing, profile.threads());
  }

  /** The order of the parameters in {@link NetworkState}. */
  public ParameterLayout layout() {
    return layout;
  }

  /** The state before training; a pure function of spec and seed. Does not change this replica. */
  public NetworkState initialState(long seed) {
    double[] initial = InitialParameters.of(layout, seed);
    float[] rounded = new float[initial.length];
    for (int i = 0; i < initial.length; i++) {
      rounded[i] = (float) initial[i];
    }
    return NetworkState.atRest(rounded);
  }

  /** Takes over a state, copying it. */
  public void restore(NetworkState state) {
    requireOpen();
    if (state.parameters().length != parameters.length) {
      throw new IllegalArgumentException(
          "the state has "
              + state.parameters().length
              + " parameters, "
              + spec.name()
              + " has "
              + parameters.length);
    }
    System.arraycopy(state.parameters(), 0, parameters, 0, parameters.length);
    System.arraycopy(state.momentum(), 0, momentum, 0, momentum.length);
    NativeFloats.write(parameters, graph.params());
    hasState = true;
  }

  /** A copy of the present state. */
  public NetworkState capture() {
    requireState();
    return new NetworkState(parameters.clone(), momentum.clone());
  }

  /**
   * Seeds what is random inside the network (dropout). ND4J's generator belongs to the thread, so
   * this has to be called by the thread that then calls {@link #step}.
   */
  public void seedRound(long seed) {
    requireOpen();
    Nd4j.getRandom().setSeed(seed);
  }

  /**
   * One step of momentum SGD on the mean cross-entropy of a batch; batch norms use and then move
   * their statistics. Batches may differ in size.
   *
   * @param images {@code [examples, channels, height, width]} in C order
   * @param classes the class of each example, 0 to classes - 1
   * @param learningRate of this step
   * @return the mean loss over the batch before the step; NaN or infinite if training diverged
   */
  public double step(float[] images, int[] classes, double learningRate) {
    requireState();
    int examples = classes.length;
    requireImages(images, examples);
    float[] targets = softLabels.of(classes);
    preparePass();
    graph.setInputs(features.filled(images, examples));
    graph.setLabels(labels.filled(targets, examples));
    graph.computeGradientAndScore();
    NativeFloats.read(graph.getGradientsViewArray(), gradient);
    runningVariance.correct(parameters, gradient, examples);
    optimizer.step(parameters, momentum, gradient, examples, learningRate);
    NativeFloats.write(parameters, graph.params());
    return graph.score();
  }

  /**
   * Class probabilities in evaluation mode: batch norms use their running statistics, nothing is
   * dropped, and nothing changes.
   *
   * @param images {@code [examples, channels, height, width]} in C order
   * @return {@code [examples, classes]} in C order
   */
  public float[] probabilities(float[] images, int examples) {
    requireState();
    requireImages(images, examples);
    preparePass();
    float[] probabilities = new float[examples * spec.classes()];
    INDArray output = graph.outputSingle(features.filled(images, examples));
    // Closed at once: waiting for the garbage collector would let off-heap memory grow.
    try (INDArray rows = output.ordering() == 'c' ? output : output.dup('c')) {
      NativeFloats.read(rows, probabilities);
    }
    if (!output.wasClosed()) {
      output.close();
    }
    return probabilities;
  }

  /** Frees what is held outside Java's heap. */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    features.close();
    scratch.close();
    labels.close();
    graph.getGradientsViewArray().close();
    graph.params().close();
    Nd4j.getWorkspaceManager().destroyAllWorkspacesForCurrentThread();
  }

  private void preparePass() {
    scratch.nextPass();
    if (computing != Thread.currentThread()) {
      ComputeThreads.setForThisThread(threads);
      computing = Thread.currentThread();
    }
  }

  private void requireImages(float[] images, int examples) {
    if (examples < 1) {
      throw new IllegalArgumentException("a batch has to have at least one example");
    }
    if (images.length != (long) examples * spec.input().values()) {
      throw new IllegalArgumentException(
          examples
              + " images of "
              + spec.input()
              + " have "
              + (long) examples * spec.input().values()
              + " values, not "
              + images.length);
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("this replica of " + spec.name() + " is closed");
    }
  }

  private void requireState() {
    requireOpen();
    if (!hasState) {
      throw new IllegalStateException(
          "this replica of " + spec.name() + " has no state yet; restore one first");
    }
  }
}
