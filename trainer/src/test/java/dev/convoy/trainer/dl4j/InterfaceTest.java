package dev.convoy.trainer.dl4j;

import static dev.convoy.trainer.dl4j.Fixtures.equalBatches;
import static dev.convoy.trainer.dl4j.Fixtures.fit;
import static dev.convoy.trainer.dl4j.Fixtures.master;
import static dev.convoy.trainer.dl4j.Fixtures.network;
import static dev.convoy.trainer.dl4j.Fixtures.parameters;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convoy.data.BadDataException;
import dev.convoy.data.InvalidRequestException;
import dev.convoy.trainer.dl4j.Fixtures.Norm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.nn.conf.BackpropType;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.deeplearning4j.spark.impl.multilayer.SparkDl4jMultiLayer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.evaluation.classification.Evaluation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.Sgd;

/** What is refused, and the ways through dl4j-spark's interface beside an RDD of DataSets. */
class InterfaceTest {
  private static JavaSparkContext spark;

  @BeforeAll
  static void start() {
    spark = Fixtures.spark("local[2]");
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  @Test
  void anEmptyRdd() {
    assertThatThrownBy(
            () -> fit(spark, network(new Sgd(0.1), Norm.NONE), master(2, 1), List.of(), 2))
        .isInstanceOf(BadDataException.class)
        .hasMessageContaining("no DataSet");
    assertThat(spark.getPersistentRDDs()).isEmpty();
  }

  @Test
  void aBatchWithoutLabels() {
    DataSet unlabelled = new DataSet(Nd4j.zeros(4, 5), null);
    assertThatThrownBy(
            () ->
                fit(spark, network(new Sgd(0.1), Norm.NONE), master(2, 1), List.of(unlabelled), 1))
        .hasMessageContaining("no labels");
    assertThat(spark.getPersistentRDDs()).isEmpty();
  }

  @Test
  void featuresAndLabelsOfDifferentLength() {
    assertThatThrownBy(
            () ->
                EncodedBatch.of(
                    new org.nd4j.linalg.dataset.MultiDataSet(Nd4j.zeros(4, 5), Nd4j.zeros(3, 3))))
        .isInstanceOf(BadDataException.class)
        .hasMessageContaining("4 examples in its features and 3");
  }

  @Test
  void anotherTypeThanFloat() {
    ComputationGraph graph = network(new Sgd(0.1), Norm.NONE).convertDataType(DataType.DOUBLE);
    assertThatThrownBy(() -> fit(spark, graph, master(2, 1), equalBatches(2, 4), 1))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("DOUBLE")
        .hasMessageContaining("dataType(DataType.FLOAT)");
  }

  @Test
  void aMultiLayerNetwork() {
    MultiLayerConfiguration configuration =
        new NeuralNetConfiguration.Builder()
            .list()
            .layer(new OutputLayer.Builder().nIn(5).nOut(3).build())
            .build();
    SparkDl4jMultiLayer network = new SparkDl4jMultiLayer(spark, configuration, master(2, 1));
    assertThatThrownBy(() -> network.fit(spark.parallelize(equalBatches(2, 4), 1)))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessageContaining("toComputationGraph()");
  }

  @Test
  void pathsTrainLikeTheDataSetsInTheirFiles(@TempDir Path folder) throws IOException {
    List<DataSet> batches = equalBatches(5, 4);
    List<String> files = new ArrayList<>();
    List<String> multiFiles = new ArrayList<>();
    for (int i = 0; i < batches.size(); i++) {
      Path file = folder.resolve(i + ".bin");
      batches.get(i).save(file.toFile());
      files.add(file.toUri().toString());
      Path multi = folder.resolve(i + ".multi");
      MultiDataSet converted = batches.get(i).toMultiDataSet();
      converted.save(multi.toFile());
      multiFiles.add(multi.toUri().toString());
    }
    ComputationGraph expected = network(new Sgd(0.1), Norm.NONE);
    fit(spark, expected, master(2, 2), batches, 2);

    ComputationGraph fromPaths = network(new Sgd(0.1), Norm.NONE);
    new SparkComputationGraph(spark, fromPaths, master(2, 2)).fitPaths(spark.parallelize(files, 3));
    assertThat(parameters(fromPaths)).isEqualTo(parameters(expected));

    ComputationGraph fromMulti = network(new Sgd(0.1), Norm.NONE);
    new SparkComputationGraph(spark, fromMulti, master(2, 2))
        .fitPathsMultiDataSet(spark.parallelize(multiFiles, 1));
    assertThat(parameters(fromMulti)).isEqualTo(parameters(expected));

    Files.delete(folder.resolve("3.bin"));
    assertThatThrownBy(
            () ->
                new SparkComputationGraph(spark, fromPaths, master(2, 2))
                    .fitPaths(spark.parallelize(files, 3)))
        .hasMessageContaining("3.bin could not be loaded");
  }

  @Test
  void sparkComputationGraphsEvaluationWorks() {
    List<DataSet> batches = equalBatches(6, 10);
    ComputationGraph graph = network(new Sgd(0.5), Norm.NONE);
    SparkComputationGraph distributed = new SparkComputationGraph(spark, graph, master(2, 1));
    JavaRDD<DataSet> rdd = spark.parallelize(batches, 2);
    double before = distributed.calculateScore(rdd, true);
    for (int epoch = 0; epoch < 5; epoch++) {
      distributed.fit(rdd);
    }
    Evaluation evaluation = distributed.evaluate(rdd);
    assertThat(distributed.calculateScore(rdd, true)).isLessThan(0.7 * before);
    assertThat(evaluation.getNumRowCounter()).isEqualTo(60);
    assertThat(evaluation.accuracy()).isGreaterThan(0.7);
  }

  @Test
  void recurrentNetworksTrainWithTheirMasksAndTruncation() {
    ComputationGraph local = recurrent();
    ComputationGraph distributed = recurrent();
    List<DataSet> batches = new ArrayList<>();
    for (DataSet batch : equalBatches(3, 4)) {
      // [examples, values, time], the last two of six times masked for half of the examples.
      INDArray features = Nd4j.tile(batch.getFeatures().reshape(4, 5, 1), 1, 1, 6);
      INDArray labels = Nd4j.tile(batch.getLabels().reshape(4, 3, 1), 1, 1, 6);
      INDArray mask = Nd4j.ones(4, 6);
      mask.get(NDArrayIndex.interval(0, 2), NDArrayIndex.interval(4, 6)).assign(0);
      batches.add(new DataSet(features, labels, mask, mask.dup()));
    }
    batches.forEach(local::fit);
    fit(spark, distributed, master(1, 2), batches, 2);

    assertThat(parameters(distributed)).isEqualTo(parameters(local));
    // Two chunks of three times are two updates, each counted by the network.
    assertThat(distributed.getIterationCount()).isEqualTo(local.getIterationCount()).isEqualTo(6);
  }

  private static ComputationGraph recurrent() {
    ComputationGraph graph =
        new ComputationGraph(
            new NeuralNetConfiguration.Builder()
                .seed(3)
                .updater(new Adam(0.01))
                .graphBuilder()
                .addInputs("in")
                .addLayer("lstm", new LSTM.Builder().nIn(5).nOut(4).build(), "in")
                .addLayer("out", new RnnOutputLayer.Builder().nIn(4).nOut(3).build(), "lstm")
                .setOutputs("out")
                .setInputTypes(InputType.recurrent(5))
                .backpropType(BackpropType.TruncatedBPTT)
                .tBPTTLength(3)
                .build());
    graph.init();
    return graph;
  }

  @Test
  void aFolderTrainsLikeTheDataSetsInIt(@TempDir Path folder) throws IOException {
    equalBatches(1, 4).get(0).save(folder.resolve("0.bin").toFile());
    ComputationGraph expected = network(new Sgd(0.1), Norm.NONE);
    fit(spark, expected, master(2, 2), equalBatches(1, 4), 1);
    ComputationGraph fromFolder = network(new Sgd(0.1), Norm.NONE);
    new SparkComputationGraph(spark, fromFolder, master(2, 2)).fit(folder.toUri().toString());
    assertThat(parameters(fromFolder)).isEqualTo(parameters(expected));
  }

  @Test
  void tellsItsSettings() {
    ConvoyTrainingMaster master = master(4, 7);
    assertThat(master.toJson())
        .isEqualTo(
            "{\"training_master\":\"dev.convoy.trainer.dl4j.ConvoyTrainingMaster\",\"workers\":4,\"steps_per_round\":7}");
    assertThat(master.toYaml()).contains("workers: 4").contains("steps_per_round: 7");
    assertThat(master.getTrainingStats()).isNull();
  }
}
