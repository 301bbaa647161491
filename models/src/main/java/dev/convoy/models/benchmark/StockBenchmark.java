package dev.convoy.models.benchmark;

import dev.convoy.models.InputShape;
import dev.convoy.models.ModelRegistry;
import dev.convoy.models.engine.ir.ForwardPass.Mode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;

/** Stock DL4J on the same networks, in float32: its own layers, its own updater. */
public final class StockBenchmark {
  private static final double MEGABYTE = 1e6;

  private StockBenchmark() {}

  /** Images a second, and the process's peak of resident memory. */
  public static List<Measurement> run(BenchmarkCase measured) {
    Nd4j.getEnvironment().setMaxThreads(measured.threads());
    Nd4j.getEnvironment().setMaxMasterThreads(measured.threads());
    ComputationGraph graph = ModelRegistry.standard().build(measured.model(), 1);
    InputShape input = measured.model().input();
    INDArray images =
        Nd4j.createFromArray(measured.images())
            .reshape(measured.batch(), input.channels(), input.height(), input.width());
    INDArray labels = oneHot(measured);
    INDArray[] ofEveryOutput =
        IntStream.range(0, graph.getNumOutputArrays())
            .mapToObj(i -> labels)
            .toArray(INDArray[]::new);
    MultiDataSet batch = new MultiDataSet(new INDArray[] {images}, ofEveryOutput);
    Runnable step =
        measured.mode() == Mode.TRAINING ? () -> graph.fit(batch) : () -> graph.output(images);
    List<Measurement> figures = new ArrayList<>();
    figures.add(
        Stopwatch.rate(
            measured.describe("stock DL4J"),
            measured.batch(),
            Stopwatch.seconds(step, measured.budget())));
    PeakMemory.bytes()
        .ifPresent(
            peak ->
                figures.add(Measurement.once("peak memory of the process", "MB", peak / MEGABYTE)));
    return figures;
  }

  private static INDArray oneHot(BenchmarkCase measured) {
    float[][] rows = new float[measured.batch()][measured.model().classes()];
    int[] labels = measured.labels();
    for (int i = 0; i < labels.length; i++) {
      rows[i][labels[i]] = 1;
    }
    return Nd4j.createFromArray(rows);
  }
}
