package dev.convoy.trainer.dl4j;

import static dev.convoy.trainer.dl4j.Fixtures.equalBatches;
import static dev.convoy.trainer.dl4j.Fixtures.fit;
import static dev.convoy.trainer.dl4j.Fixtures.master;
import static dev.convoy.trainer.dl4j.Fixtures.network;
import static dev.convoy.trainer.dl4j.Fixtures.parameters;
import static dev.convoy.trainer.dl4j.Fixtures.updaterState;
import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.trainer.dl4j.Fixtures.Norm;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.spark.api.RDDTrainingApproach;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.deeplearning4j.spark.impl.paramavg.ParameterAveragingTrainingMaster;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.Nesterovs;

/**
 * dl4j-spark's own master in a case in which it is right: the updater's state kept, sizes that
 * divide, no batch norm.
 */
final class StockMasterTest {

  /** It deals the batches out as it likes, so it has to agree with one of all orders. */
  @Test
  void agreesOverSeveralStepsWithOneOrderOfTheBatches() {
    List<DataSet> batches = equalBatches(4, 8);
    try (JavaSparkContext spark = Fixtures.spark("local[2]")) {
      ComputationGraph theirs = network(new Nesterovs(0.1, 0.9), Norm.NONE);
      ParameterAveragingTrainingMaster master =
          new ParameterAveragingTrainingMaster.Builder(2, 8)
              .batchSizePerWorker(8)
              .averagingFrequency(2)
              .saveUpdater(true)
              .rddTrainingApproach(RDDTrainingApproach.Direct)
              .build();
      new SparkComputationGraph(spark, theirs, master).fit(spark.parallelize(batches, 2));

      List<Double> distances = new ArrayList<>();
      for (List<DataSet> order : orders(batches)) {
        ComputationGraph ours = network(new Nesterovs(0.1, 0.9), Norm.NONE);
        fit(spark, ours, master(2, 2), order, 2);
        distances.add(
            Math.max(
                distance(parameters(ours), parameters(theirs)),
                distance(updaterState(ours), updaterState(theirs))));
      }
      assertThat(distances).as("24 orders, of which two differ in the workers only").hasSize(24);
      assertThat(distances).filteredOn(distance -> distance < 1e-6).hasSize(2);
      assertThat(distances).filteredOn(distance -> distance > 1e-4).hasSize(22);
    }
  }

  private static List<List<DataSet>> orders(List<DataSet> batches) {
    if (batches.isEmpty()) {
      return List.of(List.of());
    }
    List<List<DataSet>> all = new ArrayList<>();
    for (int first = 0; first < batches.size(); first++) {
      List<DataSet> rest = new ArrayList<>(batches);
      rest.remove(first);
      for (List<DataSet> order : orders(rest)) {
        List<DataSet> whole = new ArrayList<>(order);
        whole.add(0, batches.get(first));
        all.add(whole);
      }
    }
    return all;
  }

  private static double distance(float[] a, float[] b) {
    double largest = 0;
    for (int i = 0; i < a.length; i++) {
      largest = Math.max(largest, Math.abs(a[i] - b[i]));
    }
    return largest;
  }
}
