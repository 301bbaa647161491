package dev.convoy.trainer.dl4j;

import static dev.convoy.trainer.dl4j.Fixtures.batches;
import static dev.convoy.trainer.dl4j.Fixtures.compiled;
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
import org.deeplearning4j.nn.conf.dropout.Dropout;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.learning.config.Adam;

/** The same bits under every serializer, with any number of slots and slices, and with retries. */
class TravelTest {

  private static final List<DataSet> BATCHES = batches(8, 8, 3, 8, 1, 8, 8);

  @Test
  void serializersSlotsSlicesAndRetriesDoNotMatter() {
    List<ComputationGraph> results = new ArrayList<>();
    try (JavaSparkContext one = Fixtures.spark("local[1]")) {
      results.add(trained(one));
    }
    try (JavaSparkContext two = Fixtures.spark("local[2]")) {
      results.add(trained(two));
    }
    try (JavaSparkContext retrying = Fixtures.spark("local[2,2]")) {
      ConvoyTrainingMaster master = master(3, 2);
      master.addHook(new FailingOnceHook());
      results.add(trained(retrying, wide(Norm.LOG10_STD), master));
    }
    try (JavaSparkContext kryo = Fixtures.strictKryo("local[2]")) {
      results.add(trained(kryo));
      results.add(trainedOnMultiDataSets(kryo));
    }
    assertThat(results)
        .allSatisfy(
            graph -> {
              assertThat(parameters(graph)).isEqualTo(parameters(results.get(0)));
              assertThat(updaterState(graph)).isEqualTo(updaterState(results.get(0)));
            });
  }

  @Test
  void norOnPlansOfTheEngine() {
    List<ComputationGraph> results = new ArrayList<>();
    for (String slots : List.of("local[1]", "local[2]")) {
      try (JavaSparkContext spark = Fixtures.spark(slots)) {
        results.add(trained(spark, compiled(wide(Norm.VARIANCE)), master(3, 2)));
      }
    }
    try (JavaSparkContext retrying = Fixtures.strictKryo("local[2,2]")) {
      ConvoyTrainingMaster master = master(3, 2);
      master.addHook(new FailingOnceHook());
      results.add(trained(retrying, compiled(wide(Norm.VARIANCE)), master));
    }
    assertThat(results)
        .allSatisfy(graph -> assertThat(parameters(graph)).isEqualTo(parameters(results.get(0))));
  }

  private static ComputationGraph trained(
      JavaSparkContext spark, ComputationGraph graph, ConvoyTrainingMaster master) {
    fit(spark, graph, master, BATCHES, 4);
    return graph;
  }

  private static ComputationGraph trained(JavaSparkContext spark) {
    return trained(spark, wide(Norm.LOG10_STD), master(3, 2));
  }

  private static ComputationGraph trainedOnMultiDataSets(JavaSparkContext spark) {
    ComputationGraph graph = wide(Norm.LOG10_STD);
    List<MultiDataSet> multi = BATCHES.stream().map(DataSet::toMultiDataSet).toList();
    new SparkComputationGraph(spark, graph, master(3, 2))
        .fitMultiDataSet(spark.parallelize(multi, 4));
    return graph;
  }

  /** Wide enough for a slice on each of two slots, and with something random in it. */
  private static ComputationGraph wide(Norm norm) {
    ComputationGraph graph = network(new Adam(0.01), norm, 6000);
    LayerVertex hidden = (LayerVertex) graph.getConfiguration().getVertices().get("hidden");
    hidden.getLayerConf().getLayer().setIDropout(new Dropout(0.7));
    assertThat(Slices.of((int) (3 * graph.numParams()), 2, 4).count()).isEqualTo(2);
    return graph;
  }
}
