package dev.convoy.models.engine.dl4j;

import dev.convoy.models.engine.MemoryNeed;
import dev.convoy.models.engine.ir.ForwardPass.Mode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.deeplearning4j.nn.api.FwdPassType;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.layers.FrozenLayer;
import org.deeplearning4j.nn.updater.graph.ComputationGraphUpdater;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.deeplearning4j.optimize.solvers.StochasticGradientDescent;
import org.deeplearning4j.optimize.solvers.accumulation.GradientsAccumulator;
import org.nd4j.evaluation.IEvaluation;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.dataset.api.iterator.MultiDataSetIterator;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A {@link ComputationGraph} that computes on plans of the compiled engine: every {@code fit},
 * {@code output}, {@code evaluate} and {@code score}, and what is made of them. Activations of
 * single layers ({@code feedForward}, {@code scoreExamples}), masks and the like are computed by
 * the stock layers, as the log says once. Parameters, gradient and updater state are DL4J's own
 * arrays.
 *
 * <p>A graph that comes out of {@code ModelSerializer}, {@code TransferLearning}, an import or
 * Java's serialisation is a plain one: {@link #adopt} it again. Plans are made for each input shape
 * and batch size when they are first needed, and freed by {@link #freePlans}, by {@link #close} or
 * with the graph. Like any graph it is used by one thread at a time.
 */
public final class CompiledGraph extends StockPaths {
  private static final long serialVersionUID = 1L;

  private transient GraphPlans plans;
  private transient RegularizationScore regularization;
  private transient INDArray viewed;
  private transient Gradient views;
  private transient boolean parametersFixed;
  private transient boolean accumulates;
  private transient ComputationGraphUpdater installed;

  private CompiledGraph(ComputationGraphConfiguration configuration) {
    super(configuration);
  }

  /**
   * A graph on plans that shares an initialised graph's configuration, parameters, updater state
   * and listeners. The given graph should no longer be trained beside it.
   *
   * @throws UnsupportedGraphException with all reasons, if the settings refuse what is not
   *     supported
   */
  public static CompiledGraph adopt(ComputationGraph graph, EngineSettings settings) {
    CompiledGraph compiled = new CompiledGraph(graph.getConfiguration());
    compiled.start(graph, graph.params(), settings);
    state(graph).ifPresent(compiled::useState);
    compiled.listenAs(graph);
    return compiled;
  }

  private void start(ComputationGraph from, INDArray parameters, EngineSettings settings) {
    init(parameters, false);
    for (var vertex : from.getVertices()) {
      if (vertex.hasLayer() && vertex.getLayer() instanceof FrozenLayer) {
        getVertex(vertex.getVertexName()).setLayerAsFrozen();
      }
    }
    plans = new GraphPlans(this, settings, notices());
    boolean descends =
        plans.report().supported() // what runs on stock layers has stock's updates, too
            && conf().getStepFunction() == null
            && solver.getOptimizer() instanceof StochasticGradientDescent;
    if (descends) {
      solver = new PlanSolver(this);
    }
  }

  /** The solver keeps the very list that it is given, and that of a graph changes with it. */
  private void listenAs(ComputationGraph other) {
    // None out of Java's serialisation.
    Collection<TrainingListener> listeners = other.getListeners();
    setListeners(listeners == null ? new ArrayList<>() : new ArrayList<>(listeners));
  }

  /** The updater's state, if there is one already. */
  private static Optional<INDArray> state(ComputationGraph graph) {
    return Optional.ofNullable(graph.getUpdater(false))
        .map(ComputationGraphUpdater::getStateViewArray);
  }

  private void useState(INDArray state) {
    setUpdater(new ComputationGraphUpdater(this, state));
  }

  /** What runs where, vertex by vertex. */
  public CompilationReport report() {
    return plans.report();
  }

  /** How it was compiled. */
  public EngineSettings settings() {
    return plans.settings();
  }

  /**
   * Has dropout's masks drawn from another seed from now on, together with the iteration: a worker
   * of a distributed training has its own in every round.
   */
  public void seedDropout(long seed) {
    plans.seedDropout(seed);
  }

  /**
   * What a plan for inputs of these shapes needs outside Java's heap; it is compiled but not run.
   *
   * @return empty if such inputs run on stock layers
   */
  public Optional<MemoryNeed> memory(Mode mode, INDArray... inputs) {
    return plans.memory(inputs, mode);
  }

  /** Frees all plans. The graph can be used as before: plans are made again when needed. */
  public void freePlans() {
    plans.close();
  }

  @Override
  public void close() {
    freePlans();
    super.close();
  }

  @Override
  @SuppressWarnings("ReferenceEquality") // Another array, not another content, needs other views.
  public void computeGradientAndScore() {
    Optional<PlannedNetwork> network = trainable();
    if (network.isEmpty()) {
      stockStep();
      return;
    }
    synchronizeIterEpochCounts();
    if (flattenedGradients == null) {
      initGradientsView();
    }
    if (viewed != flattenedGradients) {
      views = LayerGradients.of(this, flattenedGradients);
      viewed = flattenedGradients;
    }
    gradient = views;
    getUpdater(true);
    double sum = plans.gradient(network.get(), getInputs(), labels(), flattenedGradients);
    score = sum / getInputs()[0].size(0) + regularizationScore();
    tellBackwardPass();
  }

  /** The network for the inputs and labels that were set; empty if the step is for stock layers. */
  private Optional<PlannedNetwork> trainable() {
    INDArray[] inputs = getInputs();
    INDArray[] labels = labels();
    if (!isWhole(inputs) || !isWhole(labels)) {
      return Optional.empty();
    }
    if (anyMask(getInputMaskArrays()) || anyMask(getLabelMaskArrays())) {
      notices().say("Steps with masks run", "plans have none");
      return Optional.empty();
    }
    Optional<TrainingListener> reader = ActivationReaders.in(getListeners());
    if (reader.isPresent()) {
      String name = reader.get().getClass().getName();
      notices().say("Steps run", "the listener " + name + " reads all activations");
      return Optional.empty();
    }
    return plans
        .network(inputs, Mode.TRAINING)
        .filter(network -> network.fits(labels, GraphPlans.batch(inputs)));
  }

  @SuppressWarnings("try") // The workspace scope acts by being open.
  private void tellBackwardPass() {
    if (getListeners().isEmpty()) {
      return;
    }
    try (MemoryWorkspace none = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
      getListeners().forEach(listener -> listener.onBackwardPass(this));
    }
  }

  private double regularizationScore() {
    if (regularization == null) {
      regularization = new RegularizationScore(this);
    }
    return regularization.value();
  }

  @Override
  protected INDArray[] outputOfLayersDetached(
      boolean train,
      FwdPassType pass,
      int[] layers,
      INDArray[] features,
      INDArray[] featureMasks,
      INDArray[] labelMasks,
      boolean clearLayerInputs,
      boolean detachedInputs,
      MemoryWorkspace workspace) {
    boolean plain =
        !train
            && pass == FwdPassType.STANDARD
            && Arrays.equals(layers, getOutputLayerIndices())
            && !anyMask(featureMasks)
            && !anyMask(labelMasks)
            && !detachedInputs;
    Optional<PlannedNetwork> network =
        plain && isWhole(features) ? plans.network(features, Mode.INFERENCE) : Optional.empty();
    if (network.isEmpty()) {
      if (!plain) {
        notices()
            .say(
                "Some outputs are computed",
                "in training, of inner layers, with masks, or with inputs kept in the layers");
      }
      return super.outputOfLayersDetached(
          train,
          pass,
          layers,
          features,
          featureMasks,
          labelMasks,
          clearLayerInputs,
          detachedInputs,
          workspace);
    }
    setInputs(features);
    INDArray[] predictions = network.get().predictions(GraphPlans.batch(features), workspace);
    predict(network.get(), features, predictions);
    return predictions;
  }

  private void predict(PlannedNetwork network, INDArray[] features, INDArray[] predictions) {
    // Anybody may have written to the parameters since, but not within one evaluation.
    if (!parametersFixed) {
      plans.parametersChanged();
    }
    plans.predict(network, features, predictions);
  }

  /** Prepares the parameters once for all batches of an evaluation. */
  private <T> T withFixedParameters(Supplier<T> evaluation) {
    plans.parametersChanged();
    parametersFixed = true;
    try {
      return evaluation.get();
    } finally {
      parametersFixed = false;
    }
  }

  @Override
  @SafeVarargs
  @SuppressWarnings({"varargs", "rawtypes"}) // As DL4J declares it.
  public final <T extends IEvaluation> T[] doEvaluation(
      MultiDataSetIterator iterator, T... evaluations) {
    return withFixedParameters(() -> super.doEvaluation(iterator, evaluations));
  }

  @Override
  @SuppressWarnings("rawtypes") // As DL4J declares it.
  public <T extends IEvaluation> Map<Integer, T[]> evaluate(
      MultiDataSetIterator iterator, Map<Integer, T[]> evaluations) {
    return withFixedParameters(() -> super.evaluate(iterator, evaluations));
  }

  @Override
  public INDArray[] output(MultiDataSetIterator iterator) {
    return withFixedParameters(() -> super.output(iterator));
  }

  @Override
  public double score(MultiDataSet data, boolean training) {
    INDArray[] features = data.getFeatures();
    Optional<PlannedNetwork> network =
        training || data.hasMaskArrays() || !isWhole(features) || !isWhole(data.getLabels())
            ? Optional.empty()
            : plans
                .network(features, Mode.INFERENCE)
                .filter(found -> found.fits(data.getLabels(), GraphPlans.batch(features)));
    if (network.isEmpty()) {
      return super.score(data, training);
    }
    setInputs(features);
    setLabels(data.getLabels());
    INDArray[] predictions = network.get().predictions(GraphPlans.batch(features));
    predict(network.get(), features, predictions);
    double sum = 0;
    boolean enough = true;
    for (int i = 0; i < predictions.length; i++) {
      enough &= OutputScore.isOf(getOutputLayer(i), predictions[i]);
      sum += OutputScore.of(getOutputLayer(i), data.getLabels(i), predictions[i]);
      predictions[i].close();
    }
    if (!enough) {
      notices().say("Some scores are computed", "their probabilities are too small for float32");
      return super.score(data, false);
    }
    return sum / GraphPlans.batch(features) + regularizationScore();
  }

  @Override
  @SuppressWarnings("ReferenceEquality") // The very object, or its state would be shared twice.
  public ComputationGraphUpdater getUpdater(boolean initialize) {
    ComputationGraphUpdater updater = super.getUpdater(initialize);
    if (updater != null && updater != installed) {
      setUpdater(updater);
      return installed;
    }
    return updater;
  }

  @Override
  public void setUpdater(ComputationGraphUpdater updater) {
    installed =
        updater != null && !accumulates && solver instanceof PlanSolver descent
            ? FusedMomentumUpdater.of(this, updater, descent, settings().backend()).orElse(updater)
            : updater;
    super.setUpdater(installed);
  }

  /** What is accumulated are updates, which the fused updater does not give. */
  @Override
  public void setGradientsAccumulator(GradientsAccumulator accumulator) {
    super.setGradientsAccumulator(accumulator);
    accumulates = accumulator != null;
    state(this).ifPresent(this::useState);
  }

  @Override
  @SuppressWarnings("MethodDoesntCallSuperMethod")
  public CompiledGraph clone() {
    ComputationGraphConfiguration configuration = getConfiguration().clone();
    // Not among what DL4J copies. The learning rate and dropout's masks go on with them.
    configuration.setIterationCount(getConfiguration().getIterationCount());
    configuration.setEpochCount(getConfiguration().getEpochCount());
    CompiledGraph copy = new CompiledGraph(configuration);
    copy.start(this, params().dup(), settings());
    state(this).map(INDArray::dup).ifPresent(copy::useState);
    copy.listenAs(this);
    return copy;
  }

  /** Java's serialisation writes a plain graph: a backend does not travel. */
  private Object writeReplace() {
    ComputationGraph plain = new ComputationGraph(getConfiguration());
    plain.init(params(), false);
    state(this).ifPresent(state -> plain.setUpdater(new ComputationGraphUpdater(plain, state)));
    return plain;
  }
}
