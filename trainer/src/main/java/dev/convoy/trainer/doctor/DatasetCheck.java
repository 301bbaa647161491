package dev.convoy.trainer.doctor;

import dev.convoy.data.dataset.Dataset;
import dev.convoy.data.dataset.ShardEntry;
import dev.convoy.data.dataset.Split;
import dev.convoy.data.storage.HadoopSettings;
import dev.convoy.trainer.training.TrainingSetup;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.SparkEnv;

/**
 * Every process reads the dataset's manifest and a shard, which is held against its digest; and
 * executors should keep the shards that they read from.
 */
final class DatasetCheck implements Check<DatasetCheck.Opened> {

  private final TrainingSetup setup;
  private final HadoopSettings hadoop;
  private final List<Executor> executors;

  /** The dataset that a process found, by its shards' digests. */
  record Opened(String layout) {}

  DatasetCheck(TrainingSetup setup, HadoopSettings hadoop, List<Executor> executors) {
    this.setup = setup;
    this.hadoop = hadoop;
    this.executors = executors;
  }

  @Override
  public String name() {
    return "dataset";
  }

  @Override
  public Probe<Opened> probe() {
    String location = setup.dataset().location();
    String version = setup.manifest().version();
    HadoopSettings settings = hadoop;
    return () -> open(location, version, settings);
  }

  private static Opened open(String location, String version, HadoopSettings hadoop)
      throws IOException {
    Dataset dataset = Dataset.open(location, version, hadoop.toConfiguration());
    List<ShardEntry> shards = dataset.manifest().shards();
    // Each reads another one, so that a cluster looks at as many as it can.
    int mine = Math.floorMod(SparkEnv.get().executorId().hashCode(), shards.size());
    dataset.reader().read(shards.get(mine));
    return new Opened(dataset.manifest().layoutSha256());
  }

  @Override
  public Class<Opened> answer() {
    return Opened.class;
  }

  @Override
  public boolean concernsDriver() {
    return true;
  }

  @Override
  public String advice() {
    return "make the dataset readable for every machine: s3a:, hdfs:, or a folder mounted on all";
  }

  @Override
  public List<Verdict> judge(List<Found<Opened>> answers) {
    List<Verdict> verdicts = new ArrayList<>();
    for (Found<Opened> found : answers) {
      boolean same = found.value().layout().equals(setup.manifest().layoutSha256());
      verdicts.add(
          same
              ? Verdict.ok(
                  found.place(),
                  "reads the manifest and a shard of %s".formatted(setup.dataset().location()))
              : Verdict.fails(
                  found.place(),
                  "%s has other shards here than on the driver"
                      .formatted(setup.dataset().location()),
                  "let all machines see the same dataset"));
    }
    int slots = executors.stream().mapToInt(Executor::slots).max().orElse(1);
    ShardsInUse.of(setup.plan().shuffle(), setup.manifest().shards(Split.TRAIN), slots)
        .judge(setup.config().memory().shardCache().bytes())
        .ifPresent(verdicts::add);
    return verdicts;
  }
}
