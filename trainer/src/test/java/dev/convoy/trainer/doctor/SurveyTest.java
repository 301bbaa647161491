package dev.convoy.trainer.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.data.InvalidRequestException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Questions to an embedded Spark's only executor. */
final class SurveyTest {

  private SparkSession session;
  private JavaSparkContext spark;
  private List<Executor> executors;

  /** An answer. */
  record Said(int number) {}

  @BeforeEach
  void start() throws InterruptedException {
    session =
        SparkSession.builder()
            .master("local[2,4]")
            .config("spark.ui.enabled", "false")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.serializer", "org.apache.spark.serializer.KryoSerializer")
            .config("spark.kryo.registrationRequired", "true")
            .getOrCreate();
    spark = new JavaSparkContext(session.sparkContext());
    executors = Roster.await(spark, 1, Duration.ofSeconds(10));
  }

  @AfterEach
  void stop() {
    session.stop();
  }

  private Survey survey(Probe<Said> probe, Duration patience) {
    spark.setJobGroup("survey", "a test", true);
    return new Survey(spark, probe, patience);
  }

  private List<Place> places() {
    return executors.stream().map(Executor::place).toList();
  }

  @Test
  void embeddedSparkIsOneExecutor() {
    assertThat(executors)
        .singleElement()
        .satisfies(
            only -> {
              assertThat(only.place().isDriver()).isTrue();
              assertThat(only.slots()).isEqualTo(2);
              assertThat(only.gpus()).isEmpty();
            });
  }

  /** What is asked and said needs nothing registered with Kryo. */
  @Test
  void everyExecutorAnswers() throws InterruptedException {
    Map<String, Survey.Timed> replies =
        survey(() -> new Said(7), Duration.ofSeconds(60)).ask(places());
    assertThat(replies).containsOnlyKeys("driver");
    Survey.Timed timed = replies.get("driver");
    assertThat(timed.reply().found(Said.class)).contains(new Said(7));
    assertThat(timed.received()).isAfter(timed.asked());
  }

  @Test
  void whatAProbeThrowsIsItsReply() throws InterruptedException {
    Probe<Said> refusing =
        () -> {
          throw new InvalidRequestException("not here\nsecond line");
        };
    Probe<Said> lacking =
        () -> {
          throw new NoClassDefFoundError("org/bytedeco/dnnl");
        };
    assertThat(problem(refusing)).isEqualTo("not here");
    assertThat(problem(lacking)).isEqualTo("NoClassDefFoundError: org/bytedeco/dnnl");
  }

  private String problem(Probe<Said> probe) throws InterruptedException {
    Reply reply = survey(probe, Duration.ofSeconds(60)).ask(places()).get("driver").reply();
    assertThat(reply.found(Said.class)).isEmpty();
    return reply.problem();
  }

  @Test
  void whoDoesNotAnswerInTimeIsLeftAlone() throws InterruptedException {
    Probe<Said> hanging =
        () -> {
          TimeUnit.HOURS.sleep(1);
          return new Said(1);
        };
    Survey survey = survey(hanging, Duration.ofSeconds(1));
    assertThat(survey.ask(places())).isEmpty();
    assertThat(survey.silence(places().get(0))).isEqualTo("did not answer within 1 s");
    // Its task was cancelled, so that Spark can be stopped.
    long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (spark.statusTracker().getActiveJobIds().length > 0 && System.nanoTime() < deadline) {
      TimeUnit.MILLISECONDS.sleep(10);
    }
    assertThat(spark.statusTracker().getActiveJobIds()).isEmpty();
  }
}
