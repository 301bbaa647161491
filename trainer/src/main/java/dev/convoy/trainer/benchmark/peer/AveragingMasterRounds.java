package dev.convoy.trainer.benchmark.peer;

import dev.convoy.trainer.benchmark.AveragedRounds;
import dev.convoy.trainer.benchmark.ConvoyRounds;
import dev.convoy.trainer.benchmark.RoundCase;
import dev.convoy.trainer.benchmark.RoundProbe;
import dev.convoy.trainer.benchmark.TimedRound;
import dev.convoy.trainer.config.ConvoyConfig;
import dev.convoy.trainer.training.TrainingSetup;
import dev.convoy.trainer.training.TrainingSetups;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.CollectionAccumulator;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/**
 * Rounds of dl4j-spark's {@code ParameterAveragingTrainingMaster}: approach Direct, {@code
 * saveUpdater(true)}, the rest as it comes, on DL4J's own layers and Nesterov momentum.
 *
 * <p>It is given what suits it best: each worker's batches are one partition of the RDD, so that it
 * finds nothing to repartition, and there are exactly as many as its rounds use.
 */
public final class AveragingMasterRounds implements AveragedRounds {

  /** As it is called on the command line. */
  public static final String NAME = "dl4j-spark";

  private final JavaSparkContext spark;
  private final RoundProbe probe;

  /** Rounds on a cluster. */
  public AveragingMasterRounds(JavaSparkContext spark, RoundProbe probe) {
    this.spark = spark;
    this.probe = probe;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String wire() {
    return ConvoyRounds.FLOAT32;
  }

  @Override
  public List<TimedRound> run(RoundCase measured) throws IOException {
    ConvoyConfig config = measured.config();
    TrainingSetup setup = TrainingSetups.of(config, spark.hadoopConfiguration());
    CollectionAccumulator<StepTime> stepTimes = spark.sc().collectionAccumulator("step times");
    TimedAveragingMaster master = new TimedAveragingMaster(NAME, measured, stepTimes, probe);
    ComputationGraph graph =
        StockGraph.of(
            setup.model(), config.optimizer().learningRate(), config.optimizer().momentum());
    JavaRDD<MultiDataSet> batches =
        spark
            .parallelize(workers(config.workers()), config.workers())
            .flatMap(
                new PlannedBatches(
                    setup,
                    graph.getNumOutputArrays(),
                    measured.limits().all() * config.sync().steps()));
    try {
      new SparkComputationGraph(spark, graph, master).fitMultiDataSet(batches);
    } finally {
      batches.unpersist();
    }
    probe.settle();
    return master.rounds();
  }

  private static List<Integer> workers(int count) {
    return new ArrayList<>(IntStream.range(0, count).boxed().toList());
  }
}
