package dev.convoy.trainer.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.convoy.data.storage.Storage;
import dev.convoy.trainer.Json;
import dev.convoy.trainer.Position;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code metrics.jsonl}: one JSON object a round and an epoch, appended as they are done. Where a
 * store cannot append (S3), the file is replaced whole at each flush.
 *
 * <p>A resumed run first drops what lies beyond its checkpoint, so that each round stands in the
 * file once.
 */
public final class MetricsLog {

  private static final String FILE = "metrics.jsonl";

  private final Storage run;
  private final List<RoundMetrics> rounds = new ArrayList<>();
  private final List<EpochMetrics> epochs = new ArrayList<>();
  private final List<RunEvent> events = new ArrayList<>();
  private final ByteArrayOutputStream unflushed = new ByteArrayOutputStream();

  /** All that the file holds; kept only where it cannot be appended to. */
  private final ByteArrayOutputStream flushed = new ByteArrayOutputStream();

  private MetricsLog(Storage run) {
    this.run = run;
  }

  /**
   * The log of a run that goes on from a position; what lies beyond it is dropped.
   *
   * @param position the next round
   */
  public static MetricsLog open(Storage run, Position position) throws IOException {
    MetricsLog log = new MetricsLog(run);
    String text;
    try {
      text = new String(run.read(FILE), StandardCharsets.UTF_8);
    } catch (NoSuchFileException e) {
      return log;
    }
    for (String line : text.lines().toList()) {
      JsonNode node;
      try {
        node = Json.MAPPER.readTree(line);
      } catch (JsonProcessingException e) {
        break; // the line that was being written when the last process died
      }
      String kind = node.path("kind").asText();
      if (kind.equals(RoundMetrics.KIND)) {
        RoundMetrics round = Json.MAPPER.treeToValue(node, RoundMetrics.class);
        if (round.round() < position.round()) {
          log.add(round);
        }
      } else if (kind.equals(RunEvent.KIND)) {
        log.add(Json.MAPPER.treeToValue(node, RunEvent.class));
      } else {
        EpochMetrics epoch = Json.MAPPER.treeToValue(node, EpochMetrics.class);
        if (epoch.epoch() < position.epoch()) {
          log.add(epoch);
        }
      }
    }
    log.rewrite();
    return log;
  }

  /** Adds a round's figures. */
  public void add(RoundMetrics round) {
    rounds.add(round);
    line(round);
  }

  /** Adds an epoch's figures. */
  public void add(EpochMetrics epoch) {
    epochs.add(epoch);
    line(epoch);
  }

  /** Adds something that happened. */
  public void add(RunEvent event) {
    events.add(event);
    line(event);
  }

  /** All that happened so far, in order. */
  public List<RunEvent> events() {
    return List.copyOf(events);
  }

  /** All rounds so far, in order. */
  public List<RoundMetrics> rounds() {
    return List.copyOf(rounds);
  }

  /** All epochs so far, in order. */
  public List<EpochMetrics> epochs() {
    return List.copyOf(epochs);
  }

  /** Brings what was added to the store. */
  public void flush() throws IOException {
    if (unflushed.size() == 0) {
      return;
    }
    if (run.canAppend()) {
      run.append(FILE, unflushed.toByteArray());
      unflushed.reset();
    } else {
      rewrite();
    }
  }

  /** Flushes, but only where that does not write the whole file again. */
  public void flushIfCheap() throws IOException {
    if (run.canAppend()) {
      flush();
    }
  }

  private void rewrite() throws IOException {
    unflushed.writeTo(flushed);
    unflushed.reset();
    run.write(FILE, flushed.toByteArray());
  }

  private void line(Object metrics) {
    try {
      unflushed.writeBytes(Json.MAPPER.writeValueAsBytes(metrics));
      unflushed.write('\n');
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("metrics could not be written as JSON", e);
    }
  }
}
