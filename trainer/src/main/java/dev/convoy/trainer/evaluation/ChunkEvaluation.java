package dev.convoy.trainer.evaluation;

import dev.convoy.data.batch.BatchLoader;
import dev.convoy.data.batch.ImageBatch;
import dev.convoy.data.dataset.Example;
import dev.convoy.models.InputShape;
import dev.convoy.models.state.NetworkState;
import dev.convoy.trainer.executor.ExecutorRun;
import dev.convoy.trainer.executor.ExecutorRuns;
import java.util.List;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.broadcast.Broadcast;

/** Evaluates one chunk, on an executor. */
final class ChunkEvaluation implements Function<EvaluationChunk, ChunkScore> {

  private static final long serialVersionUID = 1L;

  private final Broadcast<EvaluationSettings> settings;
  private final Broadcast<NetworkState> state;

  ChunkEvaluation(Broadcast<EvaluationSettings> settings, Broadcast<NetworkState> state) {
    this.settings = settings;
    this.state = state;
  }

  @Override
  public ChunkScore call(EvaluationChunk chunk) throws Exception {
    EvaluationSettings all = settings.value();
    InputShape input = all.executor().model().input();
    BatchLoader loader =
        new BatchLoader(input.channels(), input.height(), input.width(), all.preprocessing(), 0);
    Tally tally = new Tally(chunk.to() - chunk.from(), all);
    try (ExecutorRuns.Lease lease = ExecutorRuns.ofThisJvm().lease(all.executor());
        ExecutorRun.Loan loan = lease.run().borrow()) {
      loan.replica().restore(state.value());
      List<Example> examples =
          lease
              .run()
              .shards(all.dataset())
              .get(all.shards().get(chunk.shard()))
              .subList(chunk.from(), chunk.to());
      for (int from = 0; from < examples.size(); from += all.batch()) {
        TaskContext.get().killTaskIfInterrupted();
        ImageBatch batch =
            loader.load(examples.subList(from, Math.min(examples.size(), from + all.batch())), 0);
        tally.add(batch, loan.replica().probabilities(batch.features(), batch.count()));
      }
    }
    return tally.score(chunk.index());
  }

  /** Adds up a chunk. */
  private static final class Tally {
    private final int classes;
    private final EvaluationSettings settings;
    private final int[] labels;
    private final int[] predictions;
    private int counted;
    private int amongFive;
    private double lossSum;

    Tally(int examples, EvaluationSettings settings) {
      this.settings = settings;
      this.classes = settings.executor().model().classes();
      this.labels = new int[examples];
      this.predictions = new int[examples];
    }

    void add(ImageBatch batch, float[] probabilities) {
      for (int i = 0; i < batch.count(); i++) {
        int label = settings.classOf(batch.labels()[i]);
        RankedClasses ranked = RankedClasses.of(probabilities, i * classes, classes);
        labels[counted] = label;
        predictions[counted++] = ranked.classAt(0);
        amongFive += ranked.rankOf(label) < 5 ? 1 : 0;
        // A float32 probability may round to 0; the smallest normal number stands for it.
        lossSum -= StrictMath.log(Math.max(probabilities[i * classes + label], Float.MIN_NORMAL));
      }
    }

    ChunkScore score(int chunk) {
      return new ChunkScore(chunk, labels, predictions, amongFive, lossSum);
    }
  }
}
