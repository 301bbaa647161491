package dev.convoy.trainer.dl4j;

import dev.convoy.data.BadDataException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.rdd.PartitionPruningRDD;
import org.apache.spark.storage.StorageLevel;
import scala.Tuple2;

/**
 * The batches of one pass, numbered in the RDD's order and shuffled once, so that each worker's
 * batches of a round are one partition and a round's job touches no others.
 *
 * <p>The batches are kept, as bytes in memory or on disk, until {@link #close}: an RDD that gives
 * other elements when it is computed again cannot then mix them up, unless an executor is lost.
 */
final class PassBatches implements AutoCloseable {

  private final JavaRDD<EncodedBatch> encoded;
  private final PassPlan plan;
  private final int[] examples;
  private final JavaPairRDD<Integer, EncodedBatch> placed;

  private PassBatches(
      JavaRDD<EncodedBatch> encoded,
      PassPlan plan,
      int[] examples,
      JavaPairRDD<Integer, EncodedBatch> placed) {
    this.encoded = encoded;
    this.plan = plan;
    this.examples = examples;
    this.placed = placed;
  }

  /**
   * Numbers and counts the batches, which takes one job.
   *
   * @throws BadDataException if there is no batch
   */
  static PassBatches of(JavaRDD<EncodedBatch> encoded, AveragingSettings settings) {
    encoded.persist(StorageLevel.MEMORY_AND_DISK_SER());
    PassBatches pass = null;
    try {
      // What zipWithIndex would find out, and the sizes with it.
      List<int[]> sizes = encoded.mapPartitions(PassBatches::sizes).collect();
      int[] first = new int[sizes.size()];
      for (int partition = 1; partition < first.length; partition++) {
        first[partition] = Math.addExact(first[partition - 1], sizes.get(partition - 1).length);
      }
      int[] examples = sizes.stream().flatMapToInt(Arrays::stream).toArray();
      if (examples.length == 0) {
        throw new BadDataException(
            "the RDD to train on holds no DataSet; give one with at least one minibatch");
      }
      PassPlan plan = new PassPlan(settings, examples.length);
      JavaPairRDD<Integer, EncodedBatch> placed =
          JavaPairRDD.fromJavaRDD(
                  encoded.mapPartitionsWithIndex(
                      (partition, batches) -> numbered(first[partition], batches), false))
              .repartitionAndSortWithinPartitions(new PassPartitioner(plan));
      pass = new PassBatches(encoded, plan, examples, placed);
      return pass;
    } finally {
      // Not a catch: Scala throws checked exceptions that Java's compiler does not know of.
      if (pass == null) {
        encoded.unpersist(false);
      }
    }
  }

  private static Iterator<int[]> sizes(Iterator<EncodedBatch> batches) {
    List<Integer> sizes = new ArrayList<>();
    batches.forEachRemaining(batch -> sizes.add(batch.examples()));
    return List.of(sizes.stream().mapToInt(Integer::intValue).toArray()).iterator();
  }

  private static Iterator<Tuple2<Integer, EncodedBatch>> numbered(
      int first, Iterator<EncodedBatch> batches) {
    return new Iterator<>() {
      private int number = first;

      @Override
      public boolean hasNext() {
        return batches.hasNext();
      }

      @Override
      public Tuple2<Integer, EncodedBatch> next() {
        return new Tuple2<>(number++, batches.next());
      }
    };
  }

  PassPlan plan() {
    return plan;
  }

  /** Examples that each worker uses in a round. */
  int[] examples(int round) {
    return plan.examples(round, examples);
  }

  /** A round's batches: partition k holds worker k's, by number and in ascending order. */
  JavaRDD<Tuple2<Integer, EncodedBatch>> round(int round) {
    return PartitionPruningRDD.create(placed.rdd(), new RoundPartitions(plan, round)).toJavaRDD();
  }

  /** Frees what executors keep of the pass. */
  @Override
  public void close() {
    if (!placed.context().isStopped()) {
      placed.rdd().cleanShuffleDependencies(false);
      encoded.unpersist(false);
    }
  }
}
