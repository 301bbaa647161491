package dev.convoy.trainer.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.data.dataset.Split;
import dev.convoy.trainer.HookedFileSystem;
import dev.convoy.trainer.config.ConvoyConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How often shards are read that do not fit into memory. */
final class ShardReadsTest {

  private static final int WORKERS = 3;
  private static final int EPOCHS = 2;

  private final AtomicInteger opened = new AtomicInteger();

  @TempDir private Path folder;
  private SparkSession session;
  private Path dataset;

  @BeforeEach
  void ingest() throws IOException {
    session = SmallRun.session(1);
    HookedFileSystem.register(session.sparkContext().hadoopConfiguration());
    dataset = SmallRun.dataset(folder);
    HookedFileSystem.setHook(
        (act, file) -> {
          if (act == HookedFileSystem.Act.OPEN
              && file.getFileName().toString().startsWith("train-")) {
            opened.incrementAndGet();
          }
        });
  }

  @AfterEach
  void stop() {
    HookedFileSystem.unhook();
    session.close();
  }

  @Test
  void aWorkerReadsAShardOncePerRoundAndNotPerStep() throws Exception {
    int shards = shards();
    assertThat(shards).isGreaterThan(2);
    // 85 examples make 8 steps of 3 workers with batches of 4: two rounds an epoch.
    RunResult kept = train("kept", "memory={shard_cache: 1MiB, prefetch: 0B}");
    assertThat(opened.getAndSet(0)).isEqualTo(shards);

    RunResult nothing = train("nothing", "memory={shard_cache: 1B, prefetch: 0B}");
    assertThat(opened.getAndSet(0)).isBetween(EPOCHS * 2 * WORKERS, EPOCHS * 2 * WORKERS * shards);
    assertThat(nothing.parametersSha256()).isEqualTo(kept.parametersSha256());

    RunResult ahead = train("ahead", "memory={shard_cache: 1B, prefetch: 1MiB}");
    // Where a worker overtakes what is loaded ahead for it, both read.
    assertThat(opened.getAndSet(0)).isLessThanOrEqualTo(2 * EPOCHS * 2 * WORKERS * shards);
    assertThat(ahead.parametersSha256()).isEqualTo(kept.parametersSha256());
  }

  private int shards() throws IOException {
    int shards =
        TrainingSetups.of(config("x"), session.sparkContext().hadoopConfiguration())
            .manifest()
            .shards(Split.TRAIN)
            .size();
    opened.set(0);
    return shards;
  }

  private RunResult train(String run, String memory) throws Exception {
    return SmallRun.job(session).train(config(run, memory));
  }

  private ConvoyConfig config(String run, String... more) {
    String[] overrides = new String[more.length + 5];
    overrides[0] = "dataset='%s'".formatted(HookedFileSystem.location(dataset));
    overrides[1] = "epochs=" + EPOCHS;
    overrides[2] = "batch=4";
    overrides[3] = "sync.steps=4";
    overrides[4] = "evaluation.every_epochs=0";
    System.arraycopy(more, 0, overrides, 5, more.length);
    return SmallRun.config(Path.of("placeholder"), folder.resolve(run), overrides);
  }
}
