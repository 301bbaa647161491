package dev.convoy.trainer.doctor;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.spark.api.java.JavaFutureAction;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import scala.Tuple2;
import scala.collection.JavaConverters;
import scala.collection.Seq;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

/**
 * Asks every executor. Spark cannot address one: each is asked by a job of one task that prefers
 * it, and whoever runs the task answers for itself. Used for one probe.
 */
final class Survey {

  private static final int ROUNDS = 5;
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(2);

  private final JavaSparkContext spark;
  private final Probe<?> probe;
  private final Duration patience;
  private final Map<String, Timed> replies = new HashMap<>();
  private final Map<String, String> failures = new HashMap<>();
  private final List<Question> open = new ArrayList<>();

  /**
   * A survey.
   *
   * @param patience for how long replies are waited for
   */
  Survey(JavaSparkContext spark, Probe<?> probe, Duration patience) {
    this.spark = spark;
    this.probe = probe;
    this.patience = patience;
  }

  /** A reply with the driver's times around it. */
  record Timed(Reply reply, Instant asked, Instant received) {}

  private record Question(Place place, Instant asked, JavaFutureAction<List<String>> answer) {}

  /**
   * Lets the probe look in every executor.
   *
   * @return the replies by executor; who is not there did not answer
   */
  Map<String, Timed> ask(List<Place> executors) throws InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    try {
      for (int round = 0; round < ROUNDS && System.nanoTime() < deadline; round++) {
        for (Place place : executors) {
          if (!replies.containsKey(place.id())) {
            open.add(new Question(place, Instant.now(), submit(place)));
          }
        }
        while (!open.isEmpty() && System.nanoTime() < deadline) {
          for (Question question : open.stream().filter(q -> q.answer().isDone()).toList()) {
            collect(question);
          }
          TimeUnit.NANOSECONDS.sleep(BETWEEN_LOOKS.toNanos());
        }
      }
    } finally {
      open.forEach(question -> question.answer().cancel(true));
    }
    return replies;
  }

  /** Why there is no reply of an executor. */
  String silence(Place place) {
    return failures.getOrDefault(
        place.id(), "did not answer within %d s".formatted(patience.toSeconds()));
  }

  private void collect(Question question) throws InterruptedException {
    Instant received = Instant.now();
    open.remove(question);
    try {
      for (String text : question.answer().get()) {
        Reply reply = Reply.read(text);
        replies.put(reply.executor(), new Timed(reply, question.asked(), received));
      }
    } catch (ExecutionException e) {
      failures.put(question.place().id(), "could not be asked: " + Reasons.of(e.getCause()));
    }
  }

  private JavaFutureAction<List<String>> submit(Place place) {
    // The form of Spark's own preference for an executor that has something cached.
    Seq<String> preferred = seq(List.of("executor_%s_%s".formatted(place.host(), place.id())));
    // The tag of Java's collections: one of String would travel as an array that needs registering.
    ClassTag<String> tag = ClassTag$.MODULE$.apply(Object.class);
    return JavaRDD.fromRDD(
            spark.sc().makeRDD(seq(List.of(new Tuple2<>(place.id(), preferred))), tag), tag)
        .map(new ProbeTask(probe))
        .collectAsync();
  }

  private static <T> Seq<T> seq(List<T> items) {
    return JavaConverters.asScalaBufferConverter(items).asScala().toSeq();
  }
}
