package dev.convoy.trainer.benchmark;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.executor.TaskMetrics;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerBlockUpdated;
import org.apache.spark.scheduler.SparkListenerJobEnd;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.StageInfo;
import org.apache.spark.scheduler.TaskInfo;
import org.apache.spark.storage.BlockUpdatedInfo;
import scala.collection.JavaConverters;

/**
 * Listens to Spark and keeps what it says apart by round: jobs carry the name of the round that
 * their thread is in, and a broadcast belongs to the job that starts next.
 */
public final class RoundProbe extends SparkListener implements AutoCloseable {

  private static final String ROUND = "convoy.benchmark.round";
  private static final String SETTLING = "settling";
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final JavaSparkContext spark;
  private final Map<String, Tally> rounds = new HashMap<>();
  private final Map<Integer, Tally> ofStage = new HashMap<>();
  private final Map<Integer, String> nameOfJob = new HashMap<>();
  private Tally between = new Tally();
  private Tally current = between;
  private CountDownLatch settled = new CountDownLatch(0);

  private RoundProbe(JavaSparkContext spark) {
    this.spark = spark;
  }

  /** Listens from now until it is closed. */
  public static RoundProbe on(JavaSparkContext spark) {
    RoundProbe probe = new RoundProbe(spark);
    spark.sc().addSparkListener(probe);
    return probe;
  }

  /**
   * What this thread asks of Spark from now on belongs to a round.
   *
   * @param name unique among all rounds; empty for what is of no round
   */
  public void begin(String name) {
    spark.setLocalProperty(ROUND, name);
  }

  /** Waits until everything that happened so far was heard: events come some time later. */
  public void settle() {
    CountDownLatch heard = new CountDownLatch(1);
    synchronized (this) {
      settled = heard;
    }
    begin(SETTLING);
    spark.parallelize(List.of(0), 1).count();
    begin("");
    try {
      if (!heard.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        throw new IllegalStateException(
            "Spark's events did not arrive within " + PATIENCE.toSeconds() + " s");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for Spark's events", e);
    }
  }

  /** What was heard of a round; nothing of an unknown one. */
  public synchronized RoundTraffic traffic(String name) {
    Tally tally = rounds.get(name);
    return tally == null ? RoundTraffic.NONE : tally.traffic();
  }

  @Override
  public synchronized void onJobStart(SparkListenerJobStart event) {
    String name = event.properties() == null ? "" : event.properties().getProperty(ROUND, "");
    current = rounds.computeIfAbsent(name, key -> new Tally());
    current.takeOver(between);
    between = new Tally();
    nameOfJob.put(event.jobId(), name);
    for (StageInfo stage : JavaConverters.seqAsJavaList(event.stageInfos())) {
      ofStage.put(stage.stageId(), current);
    }
  }

  @Override
  public synchronized void onJobEnd(SparkListenerJobEnd event) {
    current = between;
    if (SETTLING.equals(nameOfJob.remove(event.jobId()))) {
      settled.countDown();
    }
  }

  @Override
  public synchronized void onTaskEnd(SparkListenerTaskEnd event) {
    Tally tally = ofStage.get(event.stageId());
    if (tally != null) {
      tally.add(event);
    }
  }

  @Override
  public synchronized void onBlockUpdated(SparkListenerBlockUpdated event) {
    BlockUpdatedInfo block = event.blockUpdatedInfo();
    // Pieces are what travels; the value itself, which is kept beside them, is not told of.
    if (block.blockId().isBroadcast() && block.storageLevel().isValid()) {
      long bytes = block.memSize() + block.diskSize();
      if (block.blockManagerId().isDriver()) {
        current.broadcast += bytes;
      } else {
        current.executorBroadcast += bytes;
      }
    }
  }

  @Override
  public void close() {
    begin("");
    spark.sc().removeSparkListener(this);
  }

  private static final class Tally {
    private final List<TaskSpan> tasks = new ArrayList<>();
    private long results;
    private long broadcast;
    private long executorBroadcast;
    private long shuffle;

    private void takeOver(Tally before) {
      broadcast += before.broadcast;
      executorBroadcast += before.executorBroadcast;
    }

    private void add(SparkListenerTaskEnd event) {
      TaskMetrics metrics = event.taskMetrics();
      if (metrics != null) { // a task that was lost has none
        results += metrics.resultSize();
        shuffle += metrics.shuffleWriteMetrics().bytesWritten();
      }
      TaskInfo task = event.taskInfo();
      if (task.successful()) {
        tasks.add(
            new TaskSpan(
                task.taskId(),
                event.stageId(),
                task.index(),
                task.executorId(),
                task.launchTime(),
                task.finishTime()));
      }
    }

    private RoundTraffic traffic() {
      return new RoundTraffic(results, broadcast, executorBroadcast, shuffle, tasks);
    }
  }
}
