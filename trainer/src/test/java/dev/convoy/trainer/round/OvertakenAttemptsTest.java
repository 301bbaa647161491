package dev.convoy.trainer.round;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.trainer.executor.ExecutorLocation;
import java.util.List;
import org.apache.spark.Success$;
import org.apache.spark.TaskEndReason;
import org.apache.spark.TaskKilled;
import org.apache.spark.TaskResultLost$;
import org.apache.spark.TaskState;
import org.apache.spark.executor.TaskMetrics;
import org.apache.spark.rdd.DeterministicLevel;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.SparkListenerTaskStart;
import org.apache.spark.scheduler.StageInfo;
import org.apache.spark.scheduler.TaskInfo;
import org.apache.spark.scheduler.TaskLocality;
import org.apache.spark.storage.RDDInfo;
import org.apache.spark.storage.StorageLevel;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import scala.Option;
import scala.collection.JavaConverters;
import scala.collection.Seq;

/** Events as Spark sends them. */
final class OvertakenAttemptsTest {

  private static final int RESULTS = 40;
  private static final int MERGED = 41;
  private static final int WORKERS_STAGE = 7;
  private static final int OTHER_STAGE = 8;

  private final OvertakenAttempts attempts = new OvertakenAttempts();
  private long tasks;

  /** A round in which executors 1 and 2 were seen. */
  @BeforeEach
  void firstRound() {
    attempts.begin(RESULTS - 2);
    submit(WORKERS_STAGE - 2, RESULTS - 2);
    win(start(WORKERS_STAGE - 2, 0, "1", false, 0), WORKERS_STAGE - 2, 10);
    win(start(WORKERS_STAGE - 2, 1, "2", false, 0), WORKERS_STAGE - 2, 10);
    attempts.begin(RESULTS);
    submit(WORKERS_STAGE, RESULTS);
  }

  @Test
  void firstAttemptThatLostIsFound() {
    win(start(WORKERS_STAGE, 0, "1", false, 1_000), WORKERS_STAGE, 2_000);
    TaskInfo slow = start(WORKERS_STAGE, 1, "2", false, 1_000);
    win(start(WORKERS_STAGE, 1, "1", true, 3_000), WORKERS_STAGE, 4_500);
    end(slow, WORKERS_STAGE, TaskState.KILLED(), 4_510, killed());
    assertThat(attempts.soFar())
        .containsExactly(new OvertakenAttempt(1, new ExecutorLocation("host-of-2", "2"), 3.5));

    attempts.begin(MERGED + 1);
    assertThat(attempts.soFar()).as("of the next round").isEmpty();
  }

  @Test
  void firstAttemptThatWonIsNone() {
    TaskInfo first = start(WORKERS_STAGE, 1, "2", false, 1_000);
    TaskInfo second = start(WORKERS_STAGE, 1, "1", true, 3_000);
    win(first, WORKERS_STAGE, 3_500);
    end(second, WORKERS_STAGE, TaskState.KILLED(), 3_510, killed());
    assertThat(attempts.soFar()).isEmpty();
  }

  @Test
  void attemptThatFailedIsNotSlow() {
    TaskInfo first = start(WORKERS_STAGE, 1, "2", false, 1_000);
    TaskInfo second = start(WORKERS_STAGE, 1, "1", true, 3_000);
    end(first, WORKERS_STAGE, TaskState.FAILED(), 3_100, TaskResultLost$.MODULE$);
    win(second, WORKERS_STAGE, 3_500);
    assertThat(attempts.soFar()).isEmpty();
  }

  @Test
  void speculativeAttemptThatFailedOvertookNobody() {
    start(WORKERS_STAGE, 1, "2", false, 1_000);
    TaskInfo second = start(WORKERS_STAGE, 1, "1", true, 3_000);
    end(second, WORKERS_STAGE, TaskState.FAILED(), 3_500, TaskResultLost$.MODULE$);
    assertThat(attempts.soFar()).isEmpty();
  }

  @Test
  void executorsFirstRoundHasReasonsToBeSlow() {
    start(WORKERS_STAGE, 1, "3", false, 1_000);
    win(start(WORKERS_STAGE, 1, "1", true, 3_000), WORKERS_STAGE, 4_500);
    assertThat(attempts.soFar()).isEmpty();
  }

  @Test
  void otherStagesDoNotCount() {
    submit(OTHER_STAGE, MERGED);
    start(OTHER_STAGE, 1, "2", false, 1_000);
    win(start(OTHER_STAGE, 1, "1", true, 3_000), OTHER_STAGE, 4_500);
    assertThat(attempts.soFar()).isEmpty();
  }

  private void submit(int stage, int rdd) {
    RDDInfo info =
        new RDDInfo(
            rdd,
            "",
            2,
            StorageLevel.NONE(),
            false,
            seq(List.<Object>of()),
            "",
            Option.empty(),
            DeterministicLevel.DETERMINATE());
    attempts.onStageSubmitted(
        new SparkListenerStageSubmitted(
            new StageInfo(
                stage,
                0,
                "",
                2,
                seq(List.of(info)),
                seq(List.<Object>of()),
                "",
                TaskMetrics.empty(),
                seq(List.<Seq<org.apache.spark.scheduler.TaskLocation>>of()),
                Option.empty(),
                0,
                false,
                0),
            null));
  }

  private TaskInfo start(int stage, int worker, String executor, boolean speculative, long at) {
    TaskInfo task =
        new TaskInfo(
            tasks++,
            worker,
            speculative ? 1 : 0,
            worker,
            at,
            executor,
            "host-of-" + executor,
            TaskLocality.ANY(),
            speculative);
    attempts.onTaskStart(new SparkListenerTaskStart(stage, 0, task));
    return task;
  }

  private void win(TaskInfo task, int stage, long at) {
    end(task, stage, TaskState.FINISHED(), at, Success$.MODULE$);
  }

  private void end(
      TaskInfo task, int stage, scala.Enumeration.Value state, long at, TaskEndReason reason) {
    task.markFinished(state, at);
    attempts.onTaskEnd(
        new SparkListenerTaskEnd(stage, 0, "ShuffleMapTask", reason, task, null, null));
  }

  private static TaskEndReason killed() {
    return new TaskKilled("another attempt succeeded", seq(List.of()), seq(List.of()), null);
  }

  private static <T> Seq<T> seq(List<T> list) {
    return JavaConverters.asScalaBuffer(list).toSeq();
  }
}
