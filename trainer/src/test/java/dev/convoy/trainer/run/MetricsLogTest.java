package dev.convoy.trainer.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.data.storage.Storage;
import dev.convoy.trainer.Position;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each round stands in the metrics file once, whatever happened to the run. */
final class MetricsLogTest {

  private static final StragglerMetrics STRAGGLER =
      new StragglerMetrics(3, "host", "7", 1.5, Optional.of(0.5), 0.25);

  private static final StragglerMetrics OVERTAKEN =
      new StragglerMetrics(3, "host", "7", 1.5, Optional.empty(), 0.25);

  @TempDir private Path run;
  private Path file;
  private Storage storage;

  @BeforeEach
  void open() throws IOException {
    storage = Storage.at(run.toString(), new Configuration());
    file = run.resolve("metrics.jsonl");
  }

  @Test
  void isAppendedTo() throws IOException {
    MetricsLog log = MetricsLog.open(storage, Position.START);
    log.flush();
    assertThat(file).doesNotExist();
    log.add(round(0, 0));
    log.flush();
    List<String> one = Files.readAllLines(file);
    log.add(round(1, 0));
    log.add(epoch(0));
    assertThat(file).content().as("not flushed yet").hasLineCount(1);
    assertThat(log.flushesCheaply()).isTrue();
    log.flush();
    List<String> three = Files.readAllLines(file);
    assertThat(three).hasSize(3).startsWith(one.get(0));
    assertThat(three.get(0)).contains("\"kind\":\"round\"", "\"images_per_second\":");
  }

  @Test
  void resumeDropsWhatLiesBeyondItsCheckpoint() throws IOException {
    MetricsLog log = MetricsLog.open(storage, Position.START);
    log.add(round(0, 0));
    log.add(event("stopped"));
    log.add(round(1, 0));
    log.add(epoch(0));
    log.add(round(2, 1));
    log.add(round(3, 1));
    log.add(epoch(1));
    log.flush();
    MetricsLog resumed = MetricsLog.open(storage, new Position(3, 1, 5, 90));
    assertThat(resumed.rounds()).containsExactly(round(0, 0), round(1, 0), round(2, 1));
    assertThat(resumed.epochs()).containsExactly(epoch(0));
    assertThat(resumed.events()).containsExactly(event("stopped"));
    assertThat(file).content().hasLineCount(5);
    resumed.add(round(3, 1));
    resumed.flush();
    MetricsLog again = MetricsLog.open(storage, new Position(9, 9, 0, 99));
    assertThat(again.rounds()).extracting(RoundMetrics::round).containsExactly(0L, 1L, 2L, 3L);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"kind\":\"rou", "{", "\0\0\0", "{\"kind\":\"round\"}", "7", "", "\"é"})
  void tornLastLineIsLeftOut(String torn) throws IOException {
    MetricsLog log = MetricsLog.open(storage, Position.START);
    log.add(round(0, 0));
    log.flush();
    Files.write(file, torn.getBytes(StandardCharsets.UTF_8), StandardOpenOption.APPEND);
    MetricsLog resumed = MetricsLog.open(storage, new Position(2, 0, 2, 20));
    assertThat(resumed.rounds()).containsExactly(round(0, 0));
    resumed.add(round(1, 0));
    resumed.flush();
    assertThat(MetricsLog.open(storage, new Position(2, 0, 2, 20)).rounds())
        .containsExactly(round(0, 0), round(1, 0));
  }

  @Test
  void tornLineInTheMiddleCostsNoOther() throws IOException {
    MetricsLog log = MetricsLog.open(storage, Position.START);
    log.add(round(0, 0));
    log.flush();
    Files.writeString(file, "{\"kind\":\"rou\n", StandardOpenOption.APPEND);
    log.add(round(1, 0));
    log.flush();
    assertThat(MetricsLog.open(storage, new Position(2, 0, 2, 20)).rounds())
        .containsExactly(round(0, 0), round(1, 0));
  }

  @Test
  void linesOfOtherVersionsStayAsTheyAre() throws IOException {
    List<String> lines =
        List.of(
            // older: without what was added since
            "{\"kind\":\"round\",\"round\":0,\"epoch\":0,\"examples\":10,\"examples_done\":10,"
                + "\"loss\":0.5,\"learning_rate\":0.1,\"seconds\":2.0,\"images_per_second\":5.0}",
            // newer: with what this version does not know
            "{\"kind\":\"round\",\"round\":1,\"epoch\":0,\"examples\":10,\"examples_done\":20,"
                + "\"loss\":0.4,\"learning_rate\":0.1,\"seconds\":2.0,\"watts\":{\"mean\":300}}",
            "{\"kind\":\"epoch\",\"epoch\":0,\"rounds_done\":2,\"loss\":0.5,\"seconds\":4.0,\"more\":1}",
            "{\"kind\":\"event\",\"time\":\"2026-03-01T12:00:00Z\",\"what\":\"a\",\"host\":\"b\"}",
            "{\"kind\":\"temperature\",\"round\":1,\"celsius\":60}",
            "{\"kind\":\"round\",\"round\":\"one\"}");
    String beyond = "{\"kind\":\"temperature\",\"round\":2,\"celsius\":61}";
    Files.writeString(file, String.join("\n", lines) + "\n" + beyond + "\n");
    MetricsLog log = MetricsLog.open(storage, new Position(2, 1, 0, 20));
    assertThat(file).content().isEqualTo(String.join("\n", lines) + "\n");
    assertThat(log.rounds()).extracting(RoundMetrics::loss).containsExactly(0.5, 0.4);
    assertThat(log.rounds().get(0).skippedExamples()).isZero();
    assertThat(log.rounds().get(0).straggler()).isEmpty();
    assertThat(log.epochs()).extracting(EpochMetrics::roundsDone).containsExactly(2L);
    assertThat(log.epochs().get(0).top1()).isEmpty();
    assertThat(log.events()).containsExactly(event("a"));
  }

  private static RoundMetrics round(long round, int epoch) {
    Optional<StragglerMetrics> straggler =
        Optional.of(round % 2 == 0 ? STRAGGLER : OVERTAKEN).filter(s -> round != 2);
    return new RoundMetrics(
        RoundMetrics.KIND, round, epoch, 10, 0, 10 * round + 10, 0.5, 0.1, 2, 5, 1.5, 3, straggler);
  }

  private static EpochMetrics epoch(int epoch) {
    return new EpochMetrics(
        EpochMetrics.KIND,
        epoch,
        2,
        0,
        0.5,
        4,
        Optional.of("test"),
        Optional.of(0.25),
        Optional.of(1.0),
        Optional.empty());
  }

  private static RunEvent event(String what) {
    return new RunEvent(RunEvent.KIND, Instant.parse("2026-03-01T12:00:00Z"), what);
  }
}
