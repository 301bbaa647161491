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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code metrics.jsonl}: one JSON object a round and an epoch, appended as they are done. Where a
 * store cannot append (S3), the file is replaced whole at each flush.
 *
 * <p>A resumed run first drops what lies beyond its checkpoint, so that each round stands in the
 * file once, and lines that a dying process or a full disk left in pieces. All other lines stay as
 * they are, those of other versions of Convoy included.
 */
public final class MetricsLog {

  private static final Logger LOG = LoggerFactory.getLogger(MetricsLog.class);
  private static final String FILE = "metrics.jsonl";

  /**
   * Without these a round's line is none; others are 0 where an older version did not write them.
   */
  private static final List<String> ROUND =
      List.of("round", "epoch", "examples", "examples_done", "loss", "learning_rate", "seconds");

  private static final List<String> EPOCH = List.of("epoch", "rounds_done", "loss", "seconds");

  private final Storage run;
  private final List<RoundMetrics> rounds = new ArrayList<>();
  private final List<EpochMetrics> epochs = new ArrayList<>();
  private final List<RunEvent> events = new ArrayList<>();
  private final ByteArrayOutputStream unflushed = new ByteArrayOutputStream();

  /** All that the file should hold without {@link #unflushed}. */
  private final ByteArrayOutputStream flushed = new ByteArrayOutputStream();

  /** Whether a write failed midway, so that the file may end in part of a line. */
  private boolean torn;

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
      try {
        log.readBack(line, Json.STRICT.readTree(line), position);
      } catch (JsonProcessingException e) {
        LOG.warn("a line of {} is damaged and left out", run.location(FILE));
      }
    }
    log.rewrite();
    return log;
  }

  /** Keeps a line as it is, with what another version of Convoy wrote into it. */
  private void readBack(String line, JsonNode node, Position position) {
    if (!node.isObject()) {
      LOG.warn("a line of {} is no JSON object and left out", run.location(FILE));
      return;
    }
    if (isBeyond(node, position)) {
      return;
    }
    if (!understood(node)) {
      LOG.warn("a line of {} is kept, but not understood: {}", run.location(FILE), line);
    }
    keep(line.getBytes(StandardCharsets.UTF_8));
  }

  private static boolean isBeyond(JsonNode node, Position position) {
    return node.path("round").isIntegralNumber()
        ? node.path("round").asLong() >= position.round()
        : node.path("epoch").isIntegralNumber() && node.path("epoch").asLong() >= position.epoch();
  }

  /** Takes a line's figures up: none of a kind or a form that this version does not know. */
  private boolean understood(JsonNode node) {
    try {
      switch (node.path("kind").asText()) {
        case RoundMetrics.KIND -> {
          boolean whole = hasAll(node, ROUND);
          return whole && rounds.add(Json.LENIENT.treeToValue(node, RoundMetrics.class));
        }
        case EpochMetrics.KIND -> {
          boolean whole = hasAll(node, EPOCH);
          return whole && epochs.add(Json.LENIENT.treeToValue(node, EpochMetrics.class));
        }
        case RunEvent.KIND -> {
          boolean whole = node.hasNonNull("time") && node.hasNonNull("what");
          return whole && events.add(Json.LENIENT.treeToValue(node, RunEvent.class));
        }
        default -> {
          return false;
        }
      }
    } catch (JsonProcessingException e) {
      LOG.debug("not understood", e);
      return false;
    }
  }

  private static boolean hasAll(JsonNode node, List<String> keys) {
    return keys.stream().allMatch(node::hasNonNull);
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

  /**
   * Brings what was added to the store. After an append that failed, and may have been done all the
   * same or in part, the whole file is written; after a failure of that the next flush does it.
   */
  public void flush() throws IOException {
    if (unflushed.size() == 0 && !torn) {
      return;
    }
    if (torn || !run.canAppend()) {
      rewrite();
      return;
    }
    try {
      run.append(FILE, unflushed.toByteArray());
    } catch (IOException e) {
      LOG.warn("writing all of {}, because: {}", run.location(FILE), e.getMessage());
      rewrite();
      return;
    }
    unflushed.writeTo(flushed);
    unflushed.reset();
  }

  /** Whether a flush only appends, and does not write the whole file again. */
  public boolean flushesCheaply() throws IOException {
    return run.canAppend();
  }

  private void rewrite() throws IOException {
    torn = true;
    unflushed.writeTo(flushed);
    unflushed.reset();
    run.write(FILE, flushed.toByteArray());
    torn = false;
  }

  private void line(Object metrics) {
    try {
      keep(Json.MAPPER.writeValueAsBytes(metrics));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("metrics could not be written as JSON", e);
    }
  }

  private void keep(byte[] line) {
    unflushed.writeBytes(line);
    unflushed.write('\n');
  }
}
