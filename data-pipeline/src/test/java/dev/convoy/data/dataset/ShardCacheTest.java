package dev.convoy.data.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class ShardCacheTest {
  private final ExecutorService pool = Executors.newFixedThreadPool(8);
  private final List<String> loads = new ArrayList<>();

  @AfterEach
  void stop() {
    pool.shutdownNow();
  }

  private synchronized List<Example> load(ShardEntry shard) {
    loads.add(shard.file());
    return List.of(new Example(shard.file(), 0, new byte[1000]));
  }

  private static ShardEntry shard(int index) {
    return SampleManifest.shard(index, 1);
  }

  @Test
  void keepsTheShardsUsedLast() throws IOException {
    ShardCache cache = new ShardCache(this::load, 2500);
    cache.get(shard(0));
    cache.get(shard(1));
    cache.get(shard(0));
    cache.get(shard(2));
    cache.get(shard(0));
    cache.get(shard(1));
    assertThat(loads)
        .containsExactly(shard(0).file(), shard(1).file(), shard(2).file(), shard(1).file());
    assertThat(cache.keptBytes()).isBetween(2000L, 2500L);
  }

  @Test
  void handsOutWhatItCannotKeep() throws IOException {
    ShardCache cache = new ShardCache(this::load, 0);
    assertThat(cache.get(shard(0))).hasSize(1);
    assertThat(cache.get(shard(0))).hasSize(1);
    assertThat(loads).hasSize(2);
    assertThat(cache.keptBytes()).isZero();
  }

  @Test
  void loadsOnceForAllThatWait() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    AtomicInteger loaded = new AtomicInteger();
    ShardCache cache =
        new ShardCache(
            shard -> {
              loaded.incrementAndGet();
              await(release);
              return load(shard);
            },
            10_000);
    List<Future<List<Example>>> waiting = new ArrayList<>();
    Callable<List<Example>> get = () -> cache.get(shard(0));
    for (int i = 0; i < 8; i++) {
      waiting.add(pool.submit(get));
    }
    release.countDown();
    List<Example> first = waiting.get(0).get();
    for (Future<List<Example>> each : waiting) {
      assertThat(each.get()).isSameAs(first);
    }
    assertThat(loaded).hasValue(1);
  }

  @Test
  void aFailureIsNotKept() throws IOException {
    AtomicInteger calls = new AtomicInteger();
    ShardCache cache =
        new ShardCache(
            shard -> {
              if (calls.incrementAndGet() == 1) {
                throw new IOException("flaky");
              }
              return load(shard);
            },
            10_000);
    assertThatThrownBy(() -> cache.get(shard(0))).hasMessage("flaky");
    assertThat(cache.get(shard(0))).hasSize(1);
  }

  @Test
  void anInterruptedLoaderDoesNotFailTheOthers() throws Exception {
    CountDownLatch loading = new CountDownLatch(1);
    CountDownLatch never = new CountDownLatch(1);
    AtomicInteger calls = new AtomicInteger();
    ShardCache cache =
        new ShardCache(
            shard -> {
              if (calls.incrementAndGet() == 1) {
                loading.countDown();
                await(never);
              }
              return load(shard);
            },
            10_000);
    Future<List<Example>> stopped = pool.submit(() -> cache.get(shard(0)));
    loading.await();
    Future<List<Example>> other = pool.submit(() -> cache.get(shard(0)));
    stopped.cancel(true);
    assertThat(other.get(20, TimeUnit.SECONDS)).hasSize(1);
    assertThat(calls).hasValue(2);
  }

  private static void await(CountDownLatch latch) throws IOException {
    try {
      latch.await();
    } catch (InterruptedException e) {
      InterruptedIOException interrupted = new InterruptedIOException("stopped");
      interrupted.initCause(e);
      throw interrupted;
    }
  }
}
