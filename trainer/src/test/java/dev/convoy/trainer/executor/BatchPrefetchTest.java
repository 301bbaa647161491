package dev.convoy.trainer.executor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.data.batch.ImageBatch;
import dev.convoy.data.dataset.Example;
import dev.convoy.trainer.Eventually;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is loaded ahead, by whom, within which bound. */
final class BatchPrefetchTest {

  private static final int SLOTS = 2;
  private static final long BATCH_BYTES = 100;

  private final SlotGate gate = new SlotGate();
  private final Source source = new Source();
  private BatchPrefetch prefetch = new BatchPrefetch(1 << 20, SLOTS, gate);

  @AfterEach
  void close() {
    source.permits.release(1_000_000);
    prefetch.close();
  }

  @Test
  void orderedBatchesAreTakenOnce() throws Exception {
    prefetch.order(source, 3, 1, 4, 8);
    Eventually.holds("four batches", () -> prefetch.heldBytes() == 4 * BATCH_BYTES);
    for (int step = 4; step < 8; step++) {
      assertThat(prefetch.take(place(3, 1, step)).orElseThrow().ids())
          .containsExactly(place(3, 1, step).toString());
      assertThat(prefetch.take(place(3, 1, step))).as("it has an owner now").isEmpty();
    }
    assertThat(prefetch.take(place(3, 1, 8))).isEmpty();
    assertThat(prefetch.heldBytes()).isZero();
  }

  @Test
  void boundIsNeverExceededAndRoomIsUsedAgain() throws Exception {
    prefetch.close();
    prefetch = new BatchPrefetch(3 * BATCH_BYTES + 99, SLOTS, gate);
    for (int epoch = 0; epoch < 10; epoch++) {
      for (int worker = 0; worker < 4; worker++) {
        prefetch.order(source, worker, epoch, 0, 10);
      }
      // Three find room; then each of the four workers' orders ends with one that finds none.
      int asked = (3 + 4) * (epoch + 1);
      Eventually.holds("all orders come to their end", () -> source.asked.get() == asked);
      Thread.sleep(20);
      assertThat(prefetch.heldBytes()).isEqualTo(3 * BATCH_BYTES);
      for (int worker = 0; worker < 4; worker++) {
        for (int step = 0; step < 10; step++) {
          if (prefetch.take(place(worker, epoch, step)).isPresent()) {
            source.alive.addAndGet(-BATCH_BYTES);
          }
        }
      }
      assertThat(source.alive.get()).isZero();
      assertThat(source.read.get()).as("nothing is read in vain").isEqualTo(3 * (epoch + 1));
    }
    assertThat(source.mostAlive.get()).isEqualTo(3 * BATCH_BYTES);
    assertThat(source.mostAhead.get()).as("steps read together have room").isBetween(1, 3);
  }

  @Test
  void nothingIsLoadedWithoutRoomForBatch() throws Exception {
    prefetch.close();
    prefetch = new BatchPrefetch(BATCH_BYTES - 1, SLOTS, gate);
    prefetch.order(source, 0, 0, 0, 2);
    Eventually.holds("the attempt", () -> source.asked.get() == 1);
    assertThat(prefetch.take(place(0, 0, 0))).isEmpty();
    assertThat(source.read.get()).isZero();
    assertThat(source.prepared).isEmpty();
  }

  @Test
  void zeroBytesSwitchItOff() throws Exception {
    prefetch.close();
    prefetch = new BatchPrefetch(0, SLOTS, gate);
    prefetch.order(source, 0, 0, 0, 2);
    assertThat(prefetch.take(place(0, 0, 0))).isEmpty();
    assertThat(source.read.get()).isZero();
  }

  @Test
  void loadsOnlyInSlotsThatNoTaskUses() throws Exception {
    source.permits.drainPermits();
    gate.taskBegins();
    gate.taskBegins();
    for (int worker = 0; worker < 4; worker++) {
      prefetch.order(source, worker, 0, 0, 3);
    }
    Thread.sleep(100);
    assertThat(source.read.get()).as("both slots compute").isZero();

    gate.taskEnds();
    Eventually.holds("one load in the free slot", () -> source.loading.get() == 1);
    source.permits.release(5);
    Eventually.holds("the next ones", () -> source.prepared.size() == 5);
    gate.taskEnds();
    Eventually.holds("a second one beside it", () -> source.loading.get() == 2);
    source.permits.release(100);
    Eventually.holds("all", () -> source.prepared.size() == 12);
    assertThat(source.mostLoading.get()).isEqualTo(SLOTS);
  }

  @Test
  void workerWaitsForBatchThatIsBeingLoadedAndPassesTheRest() throws Exception {
    source.permits.drainPermits();
    prefetch.order(source, 0, 0, 0, 6);
    Eventually.holds("the first load", () -> source.loading.get() == 1);
    CountDownLatch taken = new CountDownLatch(1);
    Thread worker =
        new Thread(
            () -> {
              try {
                assertThat(prefetch.take(place(0, 0, 0))).isPresent();
                taken.countDown();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    worker.start();
    Eventually.holds("it waits", () -> worker.getState() == Thread.State.WAITING);
    assertThat(prefetch.take(place(0, 0, 3))).as("not begun").isEmpty();
    source.permits.release(100);
    assertThat(taken.await(60, TimeUnit.SECONDS)).as("the batch is handed over").isTrue();
    Eventually.holds("what lies ahead", () -> prefetch.heldBytes() == 2 * BATCH_BYTES);
    assertThat(source.prepared).doesNotContain(place(0, 0, 3).toString());
    assertThat(prefetch.take(place(0, 0, 4))).isPresent();
  }

  @Test
  void whatNobodyTookIsDropped() throws Exception {
    prefetch.order(source, 0, 0, 0, 2);
    prefetch.order(source, 1, 0, 2, 4);
    prefetch.order(source, 2, 1, 0, 2);
    Eventually.holds("all", () -> prefetch.heldBytes() == 6 * BATCH_BYTES);
    prefetch.dropBefore(0, 2);
    assertThat(prefetch.heldBytes()).isEqualTo(4 * BATCH_BYTES);
    assertThat(prefetch.take(place(0, 0, 0))).isEmpty();
    prefetch.dropBefore(1, 0);
    assertThat(prefetch.heldBytes()).isEqualTo(2 * BATCH_BYTES);
    assertThat(prefetch.take(place(2, 1, 1))).isPresent();
  }

  @Test
  void batchBeingLoadedStaysCountedUntilItIsLetGo() throws Exception {
    source.permits.drainPermits();
    prefetch.order(source, 0, 0, 0, 2);
    Eventually.holds("a load", () -> source.loading.get() == 1);
    prefetch.dropBefore(1, 0);
    assertThat(prefetch.heldBytes()).isEqualTo(BATCH_BYTES);
    assertThat(prefetch.take(place(0, 0, 0))).as("nobody waits for it").isEmpty();
    source.permits.release(100);
    Eventually.holds("it is let go", () -> prefetch.heldBytes() == 0);
    assertThat(source.prepared).as("and the rest not begun").hasSize(1);
  }

  @Test
  void failureIsLeftToTheWorker() throws Exception {
    source.broken = place(0, 0, 1);
    prefetch.order(source, 0, 0, 0, 3);
    prefetch.order(source, 1, 0, 0, 3);
    Eventually.holds("the others", () -> prefetch.heldBytes() == 4 * BATCH_BYTES);
    assertThat(prefetch.take(place(0, 0, 0))).isPresent();
    assertThat(prefetch.take(place(0, 0, 1))).isEmpty();
    assertThat(prefetch.take(place(1, 0, 2))).isPresent();
  }

  @Test
  void endsWithItsRun() throws Exception {
    source.permits.drainPermits();
    prefetch.order(source, 0, 0, 0, 3);
    prefetch.order(source, 1, 0, 0, 3);
    Eventually.holds("two loads", () -> source.loading.get() == 2);
    prefetch.close();
    Eventually.holds("both are interrupted", () -> source.loading.get() == 0);
    Eventually.holds("nothing is held", () -> prefetch.heldBytes() == 0);
    prefetch.order(source, 2, 0, 0, 3);
    assertThat(prefetch.take(place(2, 0, 0))).isEmpty();
    Eventually.holds(
        "its threads are gone", () -> source.threads.stream().noneMatch(Thread::isAlive));
    assertThat(source.threads).hasSize(2).allMatch(Thread::isDaemon);
    assertThat(source.threads).extracting(Thread::getPriority).containsOnly(Thread.MIN_PRIORITY);
  }

  private static BatchPlace place(int worker, int epoch, int step) {
    return new BatchPlace(epoch, step, worker);
  }

  /** Batches that say whose they are, each of which needs a permit. */
  private static final class Source implements BatchSource {
    final Semaphore permits = new Semaphore(1_000_000);
    final AtomicInteger asked = new AtomicInteger();
    final AtomicInteger read = new AtomicInteger();
    final AtomicInteger mostAhead = new AtomicInteger();
    final AtomicInteger loading = new AtomicInteger();
    final AtomicInteger mostLoading = new AtomicInteger();
    final AtomicLong alive = new AtomicLong();
    final AtomicLong mostAlive = new AtomicLong();
    final Set<String> prepared = new ConcurrentSkipListSet<>();
    final Set<Thread> threads = ConcurrentHashMap.newKeySet();
    volatile BatchPlace broken = place(-1, -1, -1);

    @Override
    public List<Example> read(BatchPlace place, int endStep) throws IOException {
      read.incrementAndGet();
      mostAhead.accumulateAndGet(endStep - place.step(), Math::max);
      threads.add(Thread.currentThread());
      if (place.equals(broken)) {
        throw new IOException("no such batch");
      }
      return List.of(new Example(place.toString(), 0, new byte[0]));
    }

    @Override
    public ImageBatch prepare(BatchPlace place, List<Example> examples) {
      mostLoading.accumulateAndGet(loading.incrementAndGet(), Math::max);
      try {
        permits.acquire();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      } finally {
        loading.decrementAndGet();
      }
      mostAlive.accumulateAndGet(alive.addAndGet(BATCH_BYTES), Math::max);
      prepared.add(place.toString());
      return new ImageBatch(new float[0], new int[0], List.of(examples.get(0).id()));
    }

    @Override
    public long bytes(BatchPlace place) {
      asked.incrementAndGet();
      return BATCH_BYTES;
    }
  }
}
