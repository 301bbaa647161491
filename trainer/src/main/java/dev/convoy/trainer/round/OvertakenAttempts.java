package dev.convoy.trainer.round;

import dev.convoy.trainer.executor.ExecutorLocation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.SparkListenerTaskStart;
import org.apache.spark.scheduler.TaskInfo;
import scala.collection.JavaConverters;

/**
 * Listens for attempts that speculation overtakes: a worker's report is the winner's and says
 * nothing of the executor that was too slow. Spark tells of a task's end some time after it, mostly
 * while the round is still merging; nothing is waited for. An executor's attempts in its first
 * round are left out, in which it makes its networks.
 */
final class OvertakenAttempts extends SparkListener {

  private static final int NONE = -1;
  private static final double SECONDS_A_MILLI = 1e-3;

  private final Map<Integer, TaskInfo> first = new HashMap<>();
  private final List<OvertakenAttempt> overtaken = new ArrayList<>();
  private final Set<String> executors = new HashSet<>();
  private final Set<String> executorsBefore = new HashSet<>();
  private int rdd = NONE;
  private int stage = NONE;

  /**
   * A round begins.
   *
   * @param results number of the RDD of its workers' results; partition k is worker k's
   */
  synchronized void begin(int results) {
    rdd = results;
    stage = NONE;
    first.clear();
    overtaken.clear();
    executorsBefore.addAll(executors);
  }

  /** Those of the round so far. */
  synchronized List<OvertakenAttempt> soFar() {
    return List.copyOf(overtaken);
  }

  @Override
  public synchronized void onStageSubmitted(SparkListenerStageSubmitted event) {
    boolean ofRound =
        JavaConverters.seqAsJavaList(event.stageInfo().rddInfos()).stream()
            .anyMatch(info -> info.id() == rdd);
    // The merges' stage has none of the workers' RDDs; a stage that is done again keeps its number.
    if (ofRound) {
      stage = event.stageInfo().stageId();
    }
  }

  @Override
  public synchronized void onTaskStart(SparkListenerTaskStart event) {
    TaskInfo task = event.taskInfo();
    if (event.stageId() == stage) {
      executors.add(task.executorId());
      if (!task.speculative()) {
        first.put(task.partitionId(), task);
      }
    }
  }

  @Override
  public synchronized void onTaskEnd(SparkListenerTaskEnd event) {
    TaskInfo task = event.taskInfo();
    if (event.stageId() != stage) {
      return;
    }
    if (!task.speculative()) {
      first.remove(task.partitionId(), task); // it failed, won, or was told of before
      return;
    }
    TaskInfo slow = task.successful() ? first.remove(task.partitionId()) : null;
    if (slow != null && executorsBefore.contains(slow.executorId())) {
      overtaken.add(
          new OvertakenAttempt(
              task.partitionId(),
              new ExecutorLocation(slow.host(), slow.executorId()),
              (task.finishTime() - slow.launchTime()) * SECONDS_A_MILLI));
    }
  }
}
