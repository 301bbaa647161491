package dev.convoy.trainer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.data.BadDataException;
import dev.convoy.data.InvalidRequestException;
import dev.convoy.models.InvalidModelException;
import dev.convoy.trainer.config.ConfigurationException;
import dev.convoy.trainer.config.Configurations;
import dev.convoy.trainer.run.RunHeldException;
import dev.convoy.trainer.training.SavingFailedException;
import dev.convoy.trainer.training.StopRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.util.concurrent.ExecutionException;
import org.apache.spark.SparkException;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

/** What is thrown, wherever it is wrapped, becomes an exit code and a message. */
final class FailureTest {

  @Test
  void ofThePersonsRequest() {
    assertThat(Failure.of(new InvalidRequestException("no such split")))
        .isEqualTo(new Failure(2, "no such split"));
    assertThat(Failure.of(new InvalidModelException("no such model")).exitCode()).isEqualTo(2);
    ConfigurationException config =
        Assertions.catchThrowableOfType(
            ConfigurationException.class, () -> Configurations.load("epoch: 1"));
    assertThat(Failure.of(config).exitCode()).isEqualTo(2);
  }

  @Test
  void ofTheDataOnAnExecutor() {
    Throwable wrapped =
        new SparkException(
            "Job aborted due to stage failure: Task 0 ...\nDriver stacktrace:",
            new RuntimeException("in between", new BadDataException("the shard is damaged")));
    assertThat(Failure.of(wrapped)).isEqualTo(new Failure(3, "the shard is damaged"));
  }

  @Test
  void ofTheClusterSaysItsFirstLineOnly() {
    Failure failure =
        Failure.of(new ExecutionException(new SparkException("executor 3 lost\n\tat somewhere")));
    assertThat(failure).isEqualTo(new Failure(4, "the cluster failed: executor 3 lost"));
  }

  @Test
  void ofTheStoreNamesThePath() {
    assertThat(Failure.of(new UncheckedIOException(new IOException("Cannot write /a/b: full"))))
        .isEqualTo(new Failure(4, "the store failed: Cannot write /a/b: full"));
    assertThat(Failure.of(new NoSuchFileException("/a/b")).message())
        .isEqualTo("the store failed: NoSuchFileException: /a/b");
  }

  @Test
  void ofAnInterruptedRun() {
    StopRequest stop = new StopRequest();
    stop.request();
    Throwable interrupted = Assertions.catchThrowable(stop::check);
    assertThat(Failure.of(new SparkException("cancelled", interrupted)).exitCode()).isEqualTo(130);
  }

  @Test
  void ofWhatShouldNotHappen() {
    Failure failure = Failure.of(new IllegalStateException("odd"));
    assertThat(failure.exitCode()).isEqualTo(1);
    assertThat(failure.message()).contains("this should not have happened", "odd");
  }

  @Test
  void causesInACircleEnd() {
    Exception first = new Exception("first");
    Exception second = new Exception("second", first);
    first.initCause(second);
    assertThat(Failure.of(second).exitCode()).isEqualTo(1);
  }

  @Test
  void whatFailedWhileSavingOrClosingIsToldToo() {
    Exception thrown = new BadDataException("the loss was not finite");
    thrown.addSuppressed(
        new SavingFailedException(
            "the last completed round could not be saved", new IOException("/a/b is full")));
    thrown.addSuppressed(new IllegalStateException("the session is gone\n\tat somewhere"));
    thrown.addSuppressed(new IllegalStateException());
    assertThat(Failure.of(thrown).message().lines())
        .containsExactly(
            "the loss was not finite",
            "and the last completed round could not be saved: /a/b is full",
            "and what was open could not be closed: the session is gone",
            "and what was open could not be closed: java.lang.IllegalStateException");
  }

  @Test
  void ofAStoppedRunThatCouldNotBeSaved() {
    String what = "the last completed round could not be saved";
    assertThat(Failure.of(new SavingFailedException(what, new RunHeldException("another has it"))))
        .isEqualTo(new Failure(5, "the run was stopped, and " + what + ": another has it"));
    assertThat(Failure.of(new SavingFailedException(what, new IOException("full"))).exitCode())
        .isEqualTo(4);
  }

  @Test
  void ofTheHeap() {
    Failure failure = Failure.of(new OutOfMemoryError("Java heap space"));
    assertThat(failure.exitCode()).isEqualTo(4);
    assertThat(failure.message()).contains("Java heap space", "CONVOY_HEAP", "doctor");
  }

  @Test
  void ofAnApplicationThatTheClusterStopped() {
    assertThat(
            Failure.of(
                new IllegalStateException(
                    "Cannot call methods on a stopped SparkContext.\nThis stopped SparkContext ...")))
        .isEqualTo(new Failure(4, "the cluster stopped the application; its log says why"));
  }
}
