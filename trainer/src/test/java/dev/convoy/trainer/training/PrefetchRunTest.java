package dev.convoy.trainer.training;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.convoy.trainer.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Batches loaded ahead on whole runs: used, and without a trace in the result. */
final class PrefetchRunTest {

  @TempDir private static Path folder;
  private static Path dataset;

  @BeforeAll
  static void ingest() throws IOException {
    dataset = SmallRun.dataset(folder);
    SmallRun.session().stop();
  }

  @Test
  void sameBitsWithAndWithoutAndWithRoomForOneBatch() throws Exception {
    String without = train("without", "memory.prefetch=0B");
    assertThat(prefetched("without")).containsOnly(0);

    assertThat(train("with", "memory.prefetch=1MiB")).isEqualTo(without);
    // Which batches come in time depends on the machine; that most rounds have some does not.
    assertThat(prefetched("with").get(0)).as("nobody knew of the first round").isZero();
    assertThat(prefetched("with").stream().filter(count -> count > 0).count())
        .isGreaterThan(prefetched("with").size() / 2);
    assertThat(firstRoundsOfLaterEpochs("with")).as("across epochs").anyMatch(count -> count > 0);

    assertThat(train("one-batch", "memory.prefetch=26000B")).isEqualTo(without);
    assertThat(prefetched("one-batch")).anyMatch(count -> count > 0);
  }

  private static String train(String name, String memory) throws Exception {
    try (SparkSession session = SmallRun.session(2)) {
      return SmallRun.job(session)
          .train(
              SmallRun.config(
                  dataset,
                  folder.resolve(name),
                  "epochs=5",
                  "workers=3",
                  "batch=8",
                  "sync.steps=2",
                  "checkpoint.every_rounds=0",
                  memory))
          .parametersSha256();
    }
  }

  private static List<Integer> prefetched(String name) throws IOException {
    return rounds(name).stream().map(r -> r.get("prefetched_batches").asInt()).toList();
  }

  private static List<Integer> firstRoundsOfLaterEpochs(String name) throws IOException {
    List<Integer> first = new ArrayList<>();
    int epoch = 0;
    for (JsonNode round : rounds(name)) {
      if (round.get("epoch").asInt() > epoch) {
        epoch = round.get("epoch").asInt();
        first.add(round.get("prefetched_batches").asInt());
      }
    }
    return first;
  }

  private static List<JsonNode> rounds(String name) throws IOException {
    List<JsonNode> rounds = new ArrayList<>();
    for (String line : Files.readAllLines(folder.resolve(name).resolve("metrics.jsonl"))) {
      JsonNode node = Json.MAPPER.readTree(line);
      if (node.get("kind").asText().equals("round")) {
        rounds.add(node);
      }
    }
    return rounds;
  }
}
