package dev.convoy.models.training;

import dev.convoy.models.InitialParameters;
import dev.convoy.models.InputShape;
import dev.convoy.models.ModelRegistry;
import dev.convoy.models.ModelSpec;
import dev.convoy.models.engine.CompiledNetwork;
import dev.convoy.models.engine.MemoryNeed;
import dev.convoy.models.engine.NetworkSource;
import dev.convoy.models.engine.OperationTime;
import dev.convoy.models.engine.backend.Backend;
import dev.convoy.models.engine.backend.Backends;
import dev.convoy.models.engine.backend.Device;
import dev.convoy.models.engine.dl4j.GraphSource;
import dev.convoy.models.engine.dl4j.VarianceEstimate;
import dev.convoy.models.engine.ir.ForwardPass.Mode;
import dev.convoy.models.engine.ir.Shape;
import dev.convoy.models.engine.ir.TensorType;
import dev.convoy.models.state.NetworkState;
import dev.convoy.models.state.ParameterKind;
import dev.convoy.models.state.ParameterLayout;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * One network with its momentum, which is trained step by step on the compiled engine. Used by one
 * thread at a time; replicas in different threads do not disturb each other. The same state,
 * batches and rates give the same bits under the same {@link ComputeProfile}, in any thread and
 * beside any other replica.
 *
 * <p>After {@link #create} it has to be given a state, with {@link #initialise} or {@link
 * #restore}. What it holds outside Java's heap is freed by {@link #close}.
 */
public final class TrainingReplica implements AutoCloseable {
  private final ModelSpec spec;
  private final ParameterLayout layout;
  private final CompiledNetwork network;
  private final StepSettings settings;
  private final MomentumStep step;
  private final SoftLabels softLabels;
  private final ReplicaMemory memory;
  private long roundSeed;
  private long stepOfRound;
  private boolean hasState;

  /** As the memory was given: who only predicts does not have its pages taken from the system. */
  private boolean momentumIsZero = true;

  private boolean closed;

  private TrainingReplica(
      ModelSpec spec, StepSettings settings, ComputeProfile profile, Device device) {
    if (!profile.device().equals(device.kind())) {
      throw new IllegalArgumentException(
          "the profile is one of a " + profile.device() + ", the device is " + device);
    }
    int weights = settings.loss().classWeights().size();
    if (weights != 0 && weights != spec.classes()) {
      throw new IllegalArgumentException(
          weights
              + " class weights do not fit the "
              + spec.classes()
              + " classes of "
              + spec.name());
    }
    this.spec = spec;
    this.settings = settings;
    this.softLabels = new SoftLabels(spec.classes(), settings.loss().labelSmoothing());
    Backend backend = Backends.ofThisBuild().provider(device).open(device, profile.threads());
    ComputationGraph graph = ModelRegistry.standard().buildEmpty(spec);
    try {
      this.layout = ParameterLayout.of(graph);
      InputShape input = spec.input();
      TensorType image =
          TensorType.plain(Shape.of(input.channels(), input.height(), input.width()));
      NetworkSource source =
          GraphSource.predictingFirstOutput(
              graph, List.of(image), VarianceEstimate.UNBIASED, settings.loss().classWeights());
      // It takes memory with its first plan, so there is nothing to free if the next one fails.
      this.network = new CompiledNetwork(source, backend, profile.enginePrecision());
      this.memory =
          new ReplicaMemory(
              backend, layout.length(), graph.getNumOutputArrays(), settings.microBatches());
    } finally {
      graph.params().close();
    }
    try {
      this.step =
          new MomentumStep(
              network,
              memory,
              backend,
              UpdateRules.of(layout, settings.optimizer()),
              settings.microBatches());
    } catch (RuntimeException | Error e) {
      memory.close();
      throw e;
    }
  }

  /**
   * A replica without a state, on the CPU.
   *
   * @param labelSmoothing eps in [0, 1)
   * @param profile precision and threads
   * @throws dev.convoy.models.InvalidModelException if the model cannot be built
   */
  public static TrainingReplica create(
      ModelSpec spec, OptimizerSettings settings, double labelSmoothing, ComputeProfile profile) {
    return create(spec, settings, labelSmoothing, profile, Device.cpu());
  }

  /**
   * A replica without a state on a device of the profile's kind.
   *
   * @throws IllegalArgumentException if this build has no backend for the device
   * @throws dev.convoy.models.InvalidModelException if the model cannot be built
   */
  public static TrainingReplica create(
      ModelSpec spec,
      OptimizerSettings settings,
      double labelSmoothing,
      ComputeProfile profile,
      Device device) {
    return create(
        spec, StepSettings.of(settings, LossSettings.smoothed(labelSmoothing)), profile, device);
  }

  /**
   * A replica without a state on a device of the profile's kind.
   *
   * @param settings what its steps compute
   * @throws IllegalArgumentException if this build has no backend for the device
   * @throws dev.convoy.models.InvalidModelException if the model cannot be built
   */
  public static TrainingReplica create(
      ModelSpec spec, StepSettings settings, ComputeProfile profile, Device device) {
    return new TrainingReplica(spec, settings, profile, device);
  }

  /** The order of the parameters in {@link NetworkState}. */
  public ParameterLayout layout() {
    return layout;
  }

  /** Takes the state before training, a pure function of spec and seed. */
  public void initialise(long seed) {
    requireOpen();
    InitialParameters.draw(
        spec,
        layout,
        seed,
        (offset, piece) -> {
          float[] rounded = new float[piece.length];
          for (int i = 0; i < piece.length; i++) {
            rounded[i] = (float) piece[i];
          }
          long place = (long) offset * Float.BYTES;
          memory.parameters().write(place, rounded);
          if (!momentumIsZero) {
            memory.momentum().write(place, new float[piece.length]);
          }
        });
    network.parametersChanged();
    momentumIsZero = true;
    hasState = true;
  }

  /** Takes over a state, copying it. */
  public void restore(NetworkState state) {
    requireOpen();
    if (state.parameters().length != layout.length()) {
      throw new IllegalArgumentException(
          "the state has "
              + state.parameters().length
              + " parameters, "
              + spec.name()
              + " has "
              + layout.length());
    }
    memory.parameters().write(0, state.parameters());
    boolean atRest = state.isAtRest();
    if (!atRest || !momentumIsZero) {
      memory.momentum().write(0, state.momentum());
    }
    network.parametersChanged();
    momentumIsZero = atRest;
    hasState = true;
  }

  /** A copy of the present state. */
  public NetworkState capture() {
    requireState();
    float[] parameters = new float[layout.length()];
    float[] momentum = new float[layout.length()];
    memory.parameters().read(0, parameters);
    memory.momentum().read(0, momentum);
    return new NetworkState(parameters, momentum);
  }

  /** Seeds what is random inside the network, dropout, for the steps that follow. */
  public void seedRound(long seed) {
    requireOpen();
    roundSeed = seed;
    stepOfRound = 0;
  }

  /**
   * One step of momentum SGD on the mean cross-entropy of a batch ({@link LossSettings}), summed
   * over the outputs with their weights; batch norms use and then move their statistics. Batches
   * may differ in size.
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
    double weight = settings.loss().weight(classes);
    momentumIsZero = false;
    double loss =
        step.run(images, targets, examples, weight, learningRate, () -> roundSeed + stepOfRound++);
    network.parametersChanged();
    return loss / weight;
  }

  /**
   * What the batch norms see of a batch in training, dropout left out, for each part in which a
   * step would compute it. Nothing changes.
   *
   * @param images {@code [examples, channels, height, width]} in C order
   */
  public List<BatchStatistics> statistics(float[] images, int examples) {
    requireState();
    requireImages(images, examples);
    List<BatchStatistics> statistics = new ArrayList<>();
    for (MicroBatches.Part part : new MicroBatches(examples, settings.microBatches()).cut()) {
      float[] rows = part.rows(images, spec.input().values());
      network.statistics(part.examples(), memory.statistics(rows));
      statistics.add(
          new BatchStatistics(
              part.examples(),
              memory.readGradient(layout, ParameterKind.RUNNING_MEAN),
              memory.readGradient(layout, ParameterKind.RUNNING_VARIANCE)));
    }
    return statistics;
  }

  /**
   * Class probabilities of the classifier in evaluation mode: batch norms use their running
   * statistics, nothing is dropped, and nothing changes.
   *
   * @param images {@code [examples, channels, height, width]} in C order
   * @return {@code [examples, classes]} in C order
   */
  public float[] probabilities(float[] images, int examples) {
    requireState();
    requireImages(images, examples);
    float[] probabilities = new float[examples * spec.classes()];
    network.predict(examples, memory.inference(images, probabilities.length));
    memory.readPredictions(probabilities);
    return probabilities;
  }

  /** What steps or predictions on such batches need outside the heap, parameters left out. */
  public MemoryNeed memoryNeed(int examples, Mode mode) {
    requireOpen();
    return network.memory(examples, mode);
  }

  /**
   * Bytes that this replica holds on its device at most once it has trained and predicted: vectors,
   * batches, an arena for all plans, and prepared parameters, also for batches that are smaller.
   * What the library's own code takes comes on top.
   *
   * @param trained examples of the largest training batch, of which a step holds one part at a time
   * @param predicted examples of the largest batch of {@link #probabilities}
   */
  public long deviceBytes(int trained, int predicted) {
    int together = new MicroBatches(trained, settings.microBatches()).largest();
    MemoryNeed training = memoryNeed(together, Mode.TRAINING);
    MemoryNeed inference = memoryNeed(predicted, Mode.INFERENCE);
    return Math.max(training.arenaBytes(), inference.arenaBytes())
        + Math.max(training.scratchBytes(), inference.scratchBytes())
        + training.preparedBytes()
        + CompiledNetwork.MOST_PREPARED * inference.preparedBytes()
        + memory.bytes(
            (long) Math.max(together, predicted) * spec.input().values(),
            (long) together * spec.classes(),
            (long) predicted * spec.classes());
  }

  /** The gradient of one batch, or its prediction, operation by operation. Changes nothing. */
  public List<OperationTime> profile(float[] images, int[] classes, Mode mode) {
    requireState();
    requireImages(images, classes.length);
    float[] targets = softLabels.of(classes);
    var bindings =
        mode == Mode.TRAINING
            ? memory.training(images, targets)
            : memory.inference(images, targets.length);
    return network.profile(classes.length, mode, bindings, roundSeed);
  }

  /** Frees what is held outside Java's heap. */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      network.close();
      memory.close();
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
          "this replica of "
              + spec.name()
              + " has no state yet; initialise it or restore one first");
    }
  }
}
