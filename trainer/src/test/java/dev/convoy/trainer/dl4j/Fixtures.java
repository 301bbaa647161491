package dev.convoy.trainer.dl4j;

import dev.convoy.models.engine.Precision;
import dev.convoy.models.engine.dl4j.CompiledGraph;
import dev.convoy.models.engine.dl4j.EngineSettings;
import dev.convoy.trainer.kryo.ConvoyKryoRegistrator;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Small networks, batches and Spark contexts. */
final class Fixtures {
  private static final int INPUTS = 5;
  private static final int CLASSES = 3;

  /** With or without a batch norm, and how it keeps its spread. */
  enum Norm {
    NONE,
    VARIANCE,
    LOG10_STD
  }

  private Fixtures() {}

  static JavaSparkContext spark(String master) {
    return new JavaSparkContext(conf(master));
  }

  static JavaSparkContext strictKryo(String master) {
    return new JavaSparkContext(
        conf(master)
            .set("spark.serializer", "org.apache.spark.serializer.KryoSerializer")
            .set("spark.kryo.registrationRequired", "true")
            .set("spark.kryo.registrator", ConvoyKryoRegistrator.class.getName()));
  }

  private static SparkConf conf(String master) {
    return new SparkConf()
        .setMaster(master)
        .setAppName("dl4j")
        .set("spark.ui.enabled", "false")
        .set("spark.driver.host", "127.0.0.1");
  }

  static ComputationGraph network(IUpdater updater, Norm norm) {
    return network(updater, norm, 8);
  }

  /** With that many hidden units. */
  static ComputationGraph network(IUpdater updater, Norm norm, int hidden) {
    new StockArithmetic().claim();
    ComputationGraph graph = new ComputationGraph(configuration(updater, norm, hidden));
    graph.init();
    return graph;
  }

  /** The same on plans in float32, refused if it is not supported. */
  static CompiledGraph compiled(ComputationGraph graph) {
    return CompiledGraph.adopt(
        graph,
        EngineSettings.withThreads(1)
            .with(Precision.FLOAT32)
            .with(EngineSettings.Unsupported.REFUSED));
  }

  private static ComputationGraphConfiguration configuration(
      IUpdater updater, Norm norm, int hidden) {
    var builder =
        new NeuralNetConfiguration.Builder()
            .seed(7)
            .updater(updater)
            .graphBuilder()
            .addInputs("in")
            .addLayer(
                "hidden",
                new DenseLayer.Builder()
                    .nIn(INPUTS)
                    .nOut(hidden)
                    .activation(Activation.TANH)
                    .build(),
                "in");
    if (norm != Norm.NONE) {
      builder.addLayer(
          "norm",
          new BatchNormalization.Builder().nOut(hidden).useLogStd(norm == Norm.LOG10_STD).build(),
          "hidden");
    }
    return builder
        .addLayer(
            "out",
            new OutputLayer.Builder(LossFunction.MCXENT)
                .nIn(hidden)
                .nOut(CLASSES)
                .activation(Activation.SOFTMAX)
                .build(),
            norm == Norm.NONE ? "hidden" : "norm")
        .setOutputs("out")
        .build();
  }

  /** Batches of the sizes given, always the same ones. */
  static List<DataSet> batches(int... sizes) {
    Random random = new Random(11);
    List<DataSet> batches = new ArrayList<>();
    for (int size : sizes) {
      float[][] features = new float[size][INPUTS];
      float[][] labels = new float[size][CLASSES];
      for (int i = 0; i < size; i++) {
        int label = random.nextInt(CLASSES);
        labels[i][label] = 1;
        for (int j = 0; j < INPUTS; j++) {
          features[i][j] = (float) (random.nextGaussian() + (j == label ? 2 : 0));
        }
      }
      batches.add(new DataSet(Nd4j.createFromArray(features), Nd4j.createFromArray(labels)));
    }
    return batches;
  }

  /** The same number of examples in each. */
  static List<DataSet> equalBatches(int count, int size) {
    int[] sizes = new int[count];
    java.util.Arrays.fill(sizes, size);
    return batches(sizes);
  }

  static ConvoyTrainingMaster master(int workers, int stepsPerRound) {
    return ConvoyTrainingMaster.builder().workers(workers).stepsPerRound(stepsPerRound).build();
  }

  /** One pass from the network given, which is trained in place. */
  static void fit(
      JavaSparkContext spark,
      ComputationGraph graph,
      ConvoyTrainingMaster master,
      List<DataSet> batches,
      int partitions) {
    new SparkComputationGraph(spark, graph, master).fit(spark.parallelize(batches, partitions));
  }

  static float[] parameters(ComputationGraph graph) {
    return floats(graph.params());
  }

  static float[] updaterState(ComputationGraph graph) {
    return floats(graph.getUpdater().getStateViewArray());
  }

  private static float[] floats(INDArray array) {
    return array.dup('c').data().asFloat();
  }

  static float[] parameter(ComputationGraph graph, String layer, String name) {
    return floats(graph.getLayer(layer).getParam(name));
  }
}
