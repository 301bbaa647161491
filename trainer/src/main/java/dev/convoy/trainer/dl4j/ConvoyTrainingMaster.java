package dev.convoy.trainer.dl4j;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.convoy.data.InvalidRequestException;
import dev.convoy.data.storage.HadoopSettings;
import dev.convoy.trainer.Json;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.core.loader.DataSetLoader;
import org.deeplearning4j.core.loader.MultiDataSetLoader;
import org.deeplearning4j.core.storage.StatsStorageRouter;
import org.deeplearning4j.core.storage.listener.RoutingIterationListener;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.deeplearning4j.spark.api.TrainingHook;
import org.deeplearning4j.spark.api.TrainingMaster;
import org.deeplearning4j.spark.api.TrainingResult;
import org.deeplearning4j.spark.api.TrainingWorker;
import org.deeplearning4j.spark.api.stats.SparkTrainingStats;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.deeplearning4j.spark.impl.multilayer.SparkDl4jMultiLayer;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Parameter averaging for {@link SparkComputationGraph}, in the place of dl4j-spark's {@code
 * ParameterAveragingTrainingMaster}.
 *
 * <pre>{@code
 * var master = ConvoyTrainingMaster.builder().workers(8).stepsPerRound(10).build();
 * var network = new SparkComputationGraph(spark, configuration, master);
 * for (int epoch = 0; epoch < 90; epoch++) {
 *   network.fit(batches); // JavaRDD<DataSet>
 * }
 * }</pre>
 *
 * <p><b>Batches.</b> Each DataSet of the RDD is one minibatch as it is. One {@code fit} is one
 * pass: the DataSets are numbered in the RDD's order and dealt round by round, W times tau to a
 * round, one to each of the W workers in turn. Each is used exactly once. In the last round the
 * workers' steps differ by at most one, and a worker without a DataSet weighs nothing.
 *
 * <p><b>Rounds.</b> A worker starts each round from the averaged parameters and the averaged state
 * of the updater and fits its DataSets with the network's own updater. With n_k the examples that
 * worker k used, {@code w = sum n_k w_k / sum n}, the same for the updater's state, summed in
 * float64 in the order of the workers; running statistics of batch norms merge by the law of total
 * variance. W = 1 gives what fitting the DataSets one after another gives, bit for bit, but for
 * dropout, which draws from a generator seeded by the network's seed, the steps done and the
 * worker.
 *
 * <p><b>Arithmetic.</b> Workers compute as the driver's network does: on plans of the compiled
 * engine, in its precision and with its threads, if it is a {@link
 * dev.convoy.models.engine.dl4j.CompiledGraph}; otherwise with DL4J's own layers and one thread. An
 * executor whose processor cannot compute in that precision fails the job and says so.
 *
 * <p><b>Counts.</b> In each worker the network's iteration count goes up by one with each of its
 * steps, from the count at the round's start; after the round the network has the highest of the
 * workers' counts. So a schedule by iterations counts the steps of one worker, not the batches of
 * all. The epoch count is the network's own and goes up by one after each {@code fit}.
 *
 * <p><b>Listeners</b>, the network's and those given to the {@code SparkComputationGraph}, run on
 * the driver: epoch start and end once a pass, {@code iterationDone} once a round, with the number
 * of steps done so far, after the network has taken the average and its score is the mean score
 * over the round's examples. <b>Hooks</b> run on the executors, around each step, with the batch as
 * a MultiDataSet; its arrays are freed after the step.
 *
 * <p><b>What is not promised here</b>, and is by {@code convoy train}: the RDD's order and content
 * decide the result, so one that changes when it is computed again (an unsorted shuffle, say) is
 * not repeatable; augmentation and shuffling are the caller's; there are no checkpoints, no resume
 * and no ledger; executors with different processors are warned of, not refused; a score that is
 * not a number does not end training.
 */
public final class ConvoyTrainingMaster
    implements TrainingMaster<TrainingResult, TrainingWorker<TrainingResult>> {

  private static final Logger log = LoggerFactory.getLogger(ConvoyTrainingMaster.class);

  private final AveragingSettings settings;
  private final List<TrainingHook> hooks = new ArrayList<>();
  private final List<TrainingListener> listeners = new ArrayList<>();

  private ConvoyTrainingMaster(AveragingSettings settings) {
    this.settings = settings;
  }

  /** Starts with 10 steps a round and no number of workers, which has to be given. */
  public static Builder builder() {
    return new Builder();
  }

  /** One pass over minibatches. */
  @Override
  public void executeTraining(SparkComputationGraph graph, JavaRDD<DataSet> trainingData) {
    train(graph, trainingData.map(batch -> EncodedBatch.of(batch.toMultiDataSet())));
  }

  /** One pass over minibatches for networks with several inputs or outputs. */
  @Override
  public void executeTrainingMDS(SparkComputationGraph graph, JavaRDD<MultiDataSet> trainingData) {
    train(graph, trainingData.map(EncodedBatch::of));
  }

  /**
   * One pass over the minibatches that the paths name, loaded on the executors with the Hadoop
   * configuration of the Spark context. One of the two loaders is needed.
   *
   * @throws UnsupportedOperationException for a multi-layer network
   */
  @Override
  public void executeTrainingPaths(
      SparkDl4jMultiLayer network,
      SparkComputationGraph graph,
      JavaRDD<String> trainingDataPaths,
      DataSetLoader dataSets,
      MultiDataSetLoader multiDataSets) {
    if (graph == null) {
      throw multiLayer();
    }
    if ((dataSets == null) == (multiDataSets == null)) {
      throw new InvalidRequestException(
          "exactly one loader is needed: of DataSets, or of MultiDataSets");
    }
    HadoopSettings hadoop = HadoopSettings.of(graph.getSparkContext().hadoopConfiguration());
    LoadedBatches loaded = new LoadedBatches(dataSets == null ? multiDataSets : dataSets, hadoop);
    train(graph, trainingDataPaths.mapPartitions(loaded));
  }

  private void train(SparkComputationGraph spark, JavaRDD<EncodedBatch> batches) {
    ComputationGraph graph = spark.getNetwork();
    List<TrainingListener> told = new ArrayList<>(graph.getListeners());
    listeners.stream().filter(listener -> !told.contains(listener)).forEach(told::add);
    try (AveragingPass pass =
        new AveragingPass(spark.getSparkContext(), graph, batches, settings, hooks)) {
      told.forEach(listener -> listener.onEpochStart(graph));
      for (int round = 0; round < pass.rounds(); round++) {
        double score = pass.run(round);
        graph.setScore(score);
        spark.setScore(score);
        log.debug("Round {} of {}: score {}", round + 1, pass.rounds(), score);
        for (TrainingListener listener : told) {
          listener.iterationDone(graph, graph.getIterationCount(), graph.getEpochCount());
        }
      }
      told.forEach(listener -> listener.onEpochEnd(graph));
    }
  }

  /**
   * Refused.
   *
   * @throws UnsupportedOperationException always; it says how to convert the network
   */
  @Override
  public void executeTraining(SparkDl4jMultiLayer network, JavaRDD<DataSet> trainingData) {
    throw multiLayer();
  }

  private static UnsupportedOperationException multiLayer() {
    return new UnsupportedOperationException(
        "ConvoyTrainingMaster trains computation graphs; convert the network with"
            + " MultiLayerNetwork.toComputationGraph() and give it to a SparkComputationGraph");
  }

  /**
   * Refused.
   *
   * @throws UnsupportedOperationException always
   */
  @Override
  public TrainingWorker<TrainingResult> getWorkerInstance(SparkDl4jMultiLayer network) {
    throw multiLayer();
  }

  /**
   * Refused.
   *
   * @throws UnsupportedOperationException always
   */
  @Override
  public TrainingWorker<TrainingResult> getWorkerInstance(SparkComputationGraph graph) {
    throw new UnsupportedOperationException(
        "ConvoyTrainingMaster runs its rounds without TrainingWorkers; call SparkComputationGraph.fit");
  }

  @Override
  public void addHook(TrainingHook trainingHook) {
    hooks.add(trainingHook);
  }

  @Override
  public void removeHook(TrainingHook trainingHook) {
    hooks.remove(trainingHook);
  }

  @Override
  public void setListeners(Collection<TrainingListener> listeners) {
    this.listeners.clear();
    this.listeners.addAll(listeners);
  }

  /** Routing listeners without a router get this one. */
  @Override
  public void setListeners(StatsStorageRouter router, Collection<TrainingListener> listeners) {
    setListeners(listeners);
    for (TrainingListener listener : listeners) {
      if (listener instanceof RoutingIterationListener routing
          && routing.getStorageRouter() == null) {
        routing.setStorageRouter(router);
      }
    }
  }

  /** Says that statistics are not collected; Spark's own web page shows what each round took. */
  @Override
  public void setCollectTrainingStats(boolean collectTrainingStats) {
    if (collectTrainingStats) {
      log.warn(
          "ConvoyTrainingMaster collects no training statistics; Spark's web page shows the jobs");
    }
  }

  /** Always false. */
  @Override
  public boolean getIsCollectTrainingStats() {
    return false;
  }

  /** Always null, dl4j-spark's word for statistics that were not collected. */
  @Override
  public SparkTrainingStats getTrainingStats() {
    return null;
  }

  /** The settings as JSON. */
  @Override
  public String toJson() {
    try {
      return Json.MAPPER.writeValueAsString(described());
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("two numbers and a name are always JSON", e);
    }
  }

  /** The settings as YAML. */
  @Override
  public String toYaml() {
    try {
      return new YAMLMapper().writeValueAsString(described());
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("two numbers and a name are always YAML", e);
    }
  }

  private Map<String, Object> described() {
    Map<String, Object> described = new LinkedHashMap<>();
    described.put("training_master", getClass().getName());
    described.put("workers", settings.workers());
    described.put("steps_per_round", settings.stepsPerRound());
    return described;
  }

  /** True: no files are ever written. */
  @Override
  public boolean deleteTempFiles(JavaSparkContext spark) {
    return true;
  }

  /** True: no files are ever written. */
  @Override
  public boolean deleteTempFiles(SparkContext spark) {
    return true;
  }

  /** Settings of a {@link ConvoyTrainingMaster}. */
  public static final class Builder {
    private int workers;
    private int stepsPerRound = 10;

    private Builder() {}

    /** W, the replicas that are averaged: part of the experiment, not of the cluster. */
    public Builder workers(int workers) {
      this.workers = workers;
      return this;
    }

    /** tau, the DataSets that each worker fits between two averagings. */
    public Builder stepsPerRound(int stepsPerRound) {
      this.stepsPerRound = stepsPerRound;
      return this;
    }

    /**
     * The master.
     *
     * @throws InvalidRequestException if a number is below 1, or the workers were not given
     */
    public ConvoyTrainingMaster build() {
      return new ConvoyTrainingMaster(new AveragingSettings(workers, stepsPerRound));
    }
  }
}
