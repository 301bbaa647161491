package dev.convoy.trainer.evaluation;

import dev.convoy.models.state.NetworkState;
import dev.convoy.trainer.executor.Broadcasts;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;

/** Evaluates a network on a split: one Spark job over chunks of its shards. */
public final class Evaluator {

  private final JavaSparkContext spark;

  /** An evaluator on a cluster. */
  public Evaluator(JavaSparkContext spark) {
    this.spark = spark;
  }

  /**
   * Evaluates every example of a split exactly once.
   *
   * @param classes names, by index
   * @throws IllegalStateException if the chunks do not add up to the split
   */
  public Evaluation evaluate(
      EvaluationSettings settings, NetworkState state, List<String> classes) {
    List<EvaluationChunk> chunks = chunks(settings);
    Broadcast<EvaluationSettings> broadcastSettings = spark.broadcast(settings);
    Broadcast<NetworkState> broadcastState = spark.broadcast(state);
    try {
      List<ChunkScore> scores =
          new ArrayList<>(
              spark
                  .parallelize(chunks, chunks.size())
                  .map(new ChunkEvaluation(broadcastSettings, broadcastState))
                  .collect());
      scores.sort(Comparator.comparingInt(ChunkScore::chunk));
      return addUp(settings, scores, classes);
    } finally {
      Broadcasts.destroy(spark, broadcastState, broadcastSettings);
    }
  }

  private static List<EvaluationChunk> chunks(EvaluationSettings settings) {
    List<EvaluationChunk> chunks = new ArrayList<>();
    for (int shard = 0; shard < settings.shards().size(); shard++) {
      int rows = settings.shards().get(shard).examples();
      for (int from = 0; from < rows; from += EvaluationChunk.ROWS) {
        chunks.add(
            new EvaluationChunk(
                chunks.size(), shard, from, Math.min(rows, from + EvaluationChunk.ROWS)));
      }
    }
    return chunks;
  }

  private static Evaluation addUp(
      EvaluationSettings settings, List<ChunkScore> scores, List<String> classes) {
    int[] labels = scores.stream().flatMapToInt(s -> Arrays.stream(s.labels())).toArray();
    int[] predictions = scores.stream().flatMapToInt(s -> Arrays.stream(s.predictions())).toArray();
    long examples = labels.length;
    long right = 0;
    for (int i = 0; i < labels.length; i++) {
      right += labels[i] == predictions[i] ? 1 : 0;
    }
    long amongFive = 0;
    double loss = 0;
    for (ChunkScore score : scores) {
      amongFive += score.amongFive();
      loss += score.lossSum();
    }
    long expected = settings.shards().stream().mapToLong(s -> s.examples()).sum();
    if (examples != expected) {
      throw new IllegalStateException(
          "%d examples were evaluated, the split has %d".formatted(examples, expected));
    }
    return new Evaluation(
        examples,
        (double) right / examples,
        (double) amongFive / examples,
        loss / examples,
        classes,
        ConfusionMatrix.of(classes, labels, predictions));
  }
}
