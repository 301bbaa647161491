package dev.convoy.trainer.dl4j;

import dev.convoy.models.engine.dl4j.CompiledGraph;
import dev.convoy.trainer.executor.LeasedCache;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.broadcast.Broadcast;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.spark.api.TrainingHook;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import scala.Tuple2;

/**
 * One worker's round on an executor: from the round's starting state through its batches to its
 * slices of the average. A pure function of its arguments, hooks aside; it may be retried or run
 * twice at a time.
 */
final class PassWorker
    implements Function2<
        Integer, Iterator<Tuple2<Integer, EncodedBatch>>, Iterator<Tuple2<Integer, SlicePart>>> {

  private static final long serialVersionUID = 1L;

  private final Broadcast<String> configuration;
  private final Arithmetic arithmetic;
  private final Broadcast<GraphState> start;
  private final PassPlan plan;
  private final int round;
  private final long seed;
  private final Slices slices;
  private final ArrayList<TrainingHook> hooks;

  PassWorker(
      Broadcast<String> configuration,
      Arithmetic arithmetic,
      Broadcast<GraphState> start,
      PassPlan plan,
      int round,
      long seed,
      Slices slices,
      List<TrainingHook> hooks) {
    this.configuration = configuration;
    this.arithmetic = arithmetic;
    this.start = start;
    this.plan = plan;
    this.round = round;
    this.seed = seed;
    this.slices = slices;
    this.hooks = new ArrayList<>(hooks);
  }

  @Override
  public Iterator<Tuple2<Integer, SlicePart>> call(
      Integer worker, Iterator<Tuple2<Integer, EncodedBatch>> batches) throws IOException {
    if (!batches.hasNext() && plan.steps(round, worker) == 0) {
      return Collections.emptyIterator();
    }
    String claimed = arithmetic.claim();
    try (LeasedCache<?, IdleNetworks>.Lease networks =
        IdleNetworks.lease(configuration.value(), arithmetic)) {
      ComputationGraph graph = networks.value().take();
      boolean usable = false;
      try {
        start.value().restore(graph);
        seedDropout(graph, roundSeed(worker));
        RoundReport report = fit(graph, worker, batches, claimed);
        ReplicaParts parts = StatisticsLayout.of(graph).split(GraphState.of(graph));
        usable = true;
        networks.value().giveBack(graph);
        return cut(parts, report);
      } finally {
        if (!usable) {
          graph.close(); // its plans hold gigabytes, of which the collector knows nothing
        }
      }
    } finally {
      // They belong to the thread, and Spark's next task may come in another one.
      Nd4j.getWorkspaceManager().destroyAllWorkspacesForCurrentThread();
    }
  }

  private RoundReport fit(
      ComputationGraph graph,
      int worker,
      Iterator<Tuple2<Integer, EncodedBatch>> batches,
      String claimed)
      throws IOException {
    int examples = 0;
    double scoreSum = 0;
    for (int step = 0; step < plan.steps(round, worker); step++) {
      // Native code ignores interrupts: between steps is where a cancelled attempt can end.
      TaskContext.get().killTaskIfInterrupted();
      EncodedBatch batch = expected(plan.batch(round, worker, step), batches);
      scoreSum += fit(graph, batch.decode()) * batch.examples();
      examples += batch.examples();
    }
    if (batches.hasNext()) {
      throw new IllegalStateException(
          "worker %d was given batch %d beyond the %d planned for round %d"
              .formatted(worker, batches.next()._1(), plan.steps(round, worker), round));
    }
    return new RoundReport(worker, examples, scoreSum, graph.getIterationCount(), claimed);
  }

  private static EncodedBatch expected(
      int number, Iterator<Tuple2<Integer, EncodedBatch>> batches) {
    if (!batches.hasNext()) {
      throw new IllegalStateException("batch " + number + " did not arrive at its worker");
    }
    Tuple2<Integer, EncodedBatch> next = batches.next();
    if (next._1() != number) {
      throw new IllegalStateException(
          "batch %d arrived where %d was planned".formatted(next._1(), number));
    }
    return next._2();
  }

  private static void seedDropout(ComputationGraph graph, long seed) {
    Nd4j.getRandom().setSeed(seed);
    if (graph instanceof CompiledGraph compiled) {
      compiled.seedDropout(seed);
    }
  }

  private double fit(ComputationGraph graph, MultiDataSet batch) {
    for (TrainingHook hook : hooks) {
      hook.preUpdate(batch, graph);
    }
    graph.fit(batch);
    for (TrainingHook hook : hooks) {
      hook.postUpdate(batch, graph);
    }
    double score = graph.score();
    close(batch);
    return score;
  }

  /** Frees a batch at once: waiting for the garbage collector would let off-heap memory grow. */
  private static void close(MultiDataSet batch) {
    Stream.of(
            batch.getFeatures(),
            batch.getLabels(),
            batch.getFeaturesMaskArrays(),
            batch.getLabelsMaskArrays())
        .filter(arrays -> arrays != null)
        .flatMap(Stream::of)
        .filter(array -> array != null && array.closeable())
        .forEach(INDArray::close);
  }

  private Iterator<Tuple2<Integer, SlicePart>> cut(ReplicaParts parts, RoundReport report) {
    List<ReplicaParts> cut = slices.cut(parts);
    List<Tuple2<Integer, SlicePart>> keyed = new ArrayList<>();
    for (int s = 0; s < cut.size(); s++) {
      List<RoundReport> reports = s == 0 ? List.of(report) : List.of();
      keyed.add(new Tuple2<>(s, new SlicePart(report.worker(), cut.get(s), reports)));
    }
    return keyed.iterator();
  }

  /**
   * The seed of what is drawn during a round (dropout), apart for every worker and every number of
   * steps already done.
   */
  private long roundSeed(int worker) {
    long mixed = seed;
    for (long part : new long[] {start.value().iteration(), worker}) {
      // SplitMix64's finaliser after each part.
      mixed += 0x9E3779B97F4A7C15L * (part + 1);
      mixed = (mixed ^ (mixed >>> 30)) * 0xBF58476D1CE4E5B9L;
      mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
      mixed ^= mixed >>> 31;
    }
    return mixed;
  }
}
