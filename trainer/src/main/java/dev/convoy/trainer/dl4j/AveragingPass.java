package dev.convoy.trainer.dl4j;

import dev.convoy.data.InvalidRequestException;
import dev.convoy.trainer.averaging.WeightedMerge;
import dev.convoy.trainer.executor.Broadcasts;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.apache.spark.HashPartitioner;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.storage.StorageLevel;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.spark.api.TrainingHook;
import org.nd4j.linalg.api.buffer.DataType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Tuple2;

/** One pass over an RDD of batches: round by round, one Spark job each. */
final class AveragingPass implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(AveragingPass.class);

  private final JavaSparkContext spark;
  private final ComputationGraph graph;
  private final StatisticsLayout layout;
  private final PassBatches batches;
  private final List<TrainingHook> hooks;
  private final Broadcast<String> configuration;

  /**
   * Readies a pass.
   *
   * @param graph the driver's network, which starts the pass and takes each round's average
   * @throws InvalidRequestException if the network cannot be averaged
   */
  AveragingPass(
      JavaSparkContext spark,
      ComputationGraph graph,
      JavaRDD<EncodedBatch> encoded,
      AveragingSettings settings,
      List<TrainingHook> hooks) {
    DataType type = graph.params().dataType();
    if (type != DataType.FLOAT) {
      throw new InvalidRequestException(
          "the network's parameters are of type %s; averaging works on FLOAT: build the configuration with dataType(DataType.FLOAT)"
              .formatted(type));
    }
    this.spark = spark;
    this.graph = graph;
    this.layout = StatisticsLayout.of(graph);
    this.hooks = hooks;
    this.batches = PassBatches.of(encoded, settings);
    this.configuration = spark.broadcast(json(graph));
  }

  /** The same text for each pass, so that executors know the network again. */
  private static String json(ComputationGraph graph) {
    ComputationGraphConfiguration copy = graph.getConfiguration().clone();
    copy.setIterationCount(0);
    copy.setEpochCount(0);
    return copy.toJson();
  }

  int rounds() {
    return batches.plan().rounds();
  }

  /**
   * Runs a round and brings the driver's network into the state after it.
   *
   * @return the mean score over the round's examples
   */
  double run(int round) {
    GraphState start = GraphState.of(graph);
    int[] examples = batches.examples(round);
    int length = start.parameters().length + start.updater().length;
    Slices slices = Slices.of(length, spark.defaultParallelism(), examples.length);
    List<MergedPart> merged = merge(round, start, slices, examples);
    List<RoundReport> reports = merged.get(0).reports();
    check(reports, examples);
    int iteration = reports.stream().mapToInt(RoundReport::iteration).max().orElseThrow();
    ReplicaParts average = Slices.paste(merged.stream().map(MergedPart::parts).toList());
    layout.join(average, iteration, start.epoch()).restore(graph);
    return reports.stream().mapToDouble(RoundReport::scoreSum).sum()
        / Arrays.stream(examples).sum();
  }

  private List<MergedPart> merge(int round, GraphState start, Slices slices, int[] examples) {
    Broadcast<GraphState> startState = spark.broadcast(start);
    // Kept for the round: for retries, and because the clean-up of the round's shuffle goes on to
    // the pass's own if nothing persistent lies between.
    JavaRDD<Tuple2<Integer, EncodedBatch>> given =
        batches.round(round).persist(StorageLevel.MEMORY_AND_DISK_SER());
    long seed = graph.getConfiguration().getDefaultConfiguration().getSeed();
    PassWorker work =
        new PassWorker(
            configuration,
            Arithmetic.of(graph),
            startState,
            batches.plan(),
            round,
            seed,
            slices,
            hooks);
    PartMerge merge = new PartMerge(WeightedMerge.shares(examples), layout.forms());
    JavaRDD<MergedPart> merged =
        JavaPairRDD.fromJavaRDD(given.mapPartitionsWithIndex(work, false))
            .partitionBy(new HashPartitioner(slices.count()))
            .mapPartitions(new ReplicaMerge(merge));
    try {
      List<MergedPart> parts = new ArrayList<>(merged.collect());
      parts.sort(Comparator.comparingInt(MergedPart::slice));
      return parts;
    } finally {
      Broadcasts.destroy(spark, startState);
      if (!spark.sc().isStopped()) {
        // Otherwise the files stay until the driver's garbage collector finds the RDD.
        merged.rdd().cleanShuffleDependencies(false);
        given.unpersist(false);
      }
    }
  }

  private static void check(List<RoundReport> reports, int[] planned) {
    for (RoundReport report : reports) {
      if (report.examples() != planned[report.worker()]) {
        throw new IllegalStateException(
            "worker %d used %d examples where %d were planned"
                .formatted(report.worker(), report.examples(), planned[report.worker()]));
      }
    }
    if (reports.stream().map(RoundReport::arithmetic).distinct().count() > 1) {
      log.warn(
          "Executors compute with different libraries, so this training is not repeatable to the bit: {}",
          reports.stream().map(RoundReport::arithmetic).distinct().toList());
    }
  }

  /** Frees what executors keep of the pass; built networks stay for the next one. */
  @Override
  public void close() {
    Broadcasts.destroy(spark, configuration);
    batches.close();
  }
}
