package dev.convoy.trainer.progress;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class ProgressTest {
  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(written, true, UTF_8);
  private final AtomicLong clock = new AtomicLong(-Duration.ofSeconds(1).toNanos());

  private void seconds(long seconds) {
    clock.addAndGet(Duration.ofSeconds(seconds).toNanos());
  }

  @Test
  void plainLinesComeEveryFewSecondsAndAtEpochEnds() {
    try (Progress progress = new PlainProgress(out, clock::get)) {
      progress.epochStarted(1, 2, 0, 50_000);
      seconds(1);
      progress.roundCompleted(5_000, 50_000, 5_000, 2.3);
      seconds(4);
      progress.roundCompleted(10_000, 50_000, 5_000, 2.25);
      seconds(4);
      progress.roundCompleted(49_999, 50_000, 5_000, 2.1);
      seconds(1);
      progress.roundCompleted(50_000, 50_000, 5_000, 2.0);
      progress.message("checkpoint written");
      progress.epochStarted(2, 2, 0, 50_000);
      progress.roundCompleted(50_000, 50_000, 5_000, Double.NaN);
    }
    assertThat(written.toString(UTF_8).lines())
        .containsExactly(
            "epoch 1/2  20% (10,000 of 50,000 images)  5,000 images/s  loss 2.2500  18 s left",
            "epoch 1/2  done (50,000 of 50,000 images)  5,000 images/s  loss 2.0000  10 s left",
            "checkpoint written",
            "epoch 2/2  done (50,000 of 50,000 images)  5,000 images/s  loss NaN");
  }

  @Test
  void anEpochThatIsResumedSaysSo() {
    try (Progress progress = new PlainProgress(out, clock::get)) {
      progress.epochStarted(3, 9, 1_200, 5_000);
    }
    assertThat(written.toString(UTF_8).lines())
        .containsExactly("epoch 3/9 goes on after 1,200 of 5,000 images");
  }

  @Test
  void speedIsSmoothedAndImpossibleSpeedsAreLeftOut() {
    Estimate estimate = new Estimate();
    estimate.add(Double.NaN);
    estimate.add(0);
    assertThat(estimate.speed()).isEqualTo("speed unknown");
    assertThat(estimate.timeLeft(10)).isEqualTo("time left unknown");
    estimate.add(100);
    estimate.add(200);
    estimate.add(Double.POSITIVE_INFINITY);
    assertThat(estimate.speed()).isEqualTo("110 images/s");
    assertThat(estimate.timeLeft(1_100)).isEqualTo("10 s left");
  }

  @Test
  void timesAreInWords() {
    assertThat(Estimate.words(Duration.ofSeconds(59))).isEqualTo("59 s");
    assertThat(Estimate.words(Duration.ofSeconds(61))).isEqualTo("1 min 01 s");
    assertThat(Estimate.words(Duration.ofMinutes(125))).isEqualTo("2 h 05 min");
    assertThat(Estimate.words(Duration.ofHours(30))).isEqualTo("30 h 00 min");
  }

  @Test
  void theBarShowsSpeedLossAndTimeLeft() {
    try (Progress progress = Progress.bar(out)) {
      progress.epochStarted(1, 2, 0, 1_000);
      progress.roundCompleted(500, 1_000, 100, 1.5);
      progress.message("checkpoint written");
      progress.roundCompleted(1_000, 1_000, 100, 1.25);
      progress.message("evaluated");
    }
    String text = written.toString(UTF_8);
    assertThat(text)
        .contains("epoch 1/2")
        .contains("checkpoint written" + System.lineSeparator())
        .contains("100%")
        .contains("1000/1000")
        .contains("100 images/s, loss 1.2500, 10 s left")
        .contains("evaluated");
  }

  @Test
  void withoutATerminalThereAreLines() {
    assertThat(System.getProperty("convoy.terminal")).as("only deploy/convoy says so").isNull();
    try (Progress progress = Progress.on(out)) {
      assertThat(progress).isInstanceOf(PlainProgress.class);
    }
  }
}
