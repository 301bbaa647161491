package dev.convoy.trainer.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What a signal does to the work under way. */
final class StopRequestTest {

  private static final Duration SOON = Duration.ofMillis(5);
  private static final Duration LONG = Duration.ofSeconds(60);

  private final StopRequest stop = new StopRequest();
  private final AtomicInteger cancelled = new AtomicInteger();

  /** The first times find no job to cancel, or fail. */
  @Test
  void isRepeatedUntilTheWorkEnds() throws InterruptedException {
    stop.onStop(
        () -> {
          int time = cancelled.incrementAndGet();
          if (time == 2) {
            throw new IllegalStateException("no scheduler yet");
          }
          if (time == 4) {
            stop.ended(0);
          }
        });
    assertThat(stop.stopped(SOON, LONG)).isTrue();
    assertThat(cancelled).hasValueGreaterThanOrEqualTo(4);
    assertThatThrownBy(stop::check).isInstanceOf(InterruptedRunException.class);
  }

  @Test
  void isGivenUpInTheEnd() throws InterruptedException {
    stop.onStop(cancelled::incrementAndGet);
    assertThat(stop.stopped(SOON, SOON.multipliedBy(20))).isFalse();
    assertThat(cancelled).hasValueGreaterThan(1);
  }

  @Test
  void reachesAllWorkUnderWayAndNoneThatIsOver() {
    AtomicInteger another = new AtomicInteger();
    Runnable cancel = cancelled::incrementAndGet;
    stop.onStop(cancel);
    stop.onStop(another::incrementAndGet);
    stop.over(cancel);
    stop.request();
    assertThat(cancelled).hasValue(0);
    assertThat(another).hasValue(1);
  }
}
