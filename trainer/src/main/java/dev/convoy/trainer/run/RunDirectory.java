package dev.convoy.trainer.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.convoy.data.BadDataException;
import dev.convoy.data.InvalidRequestException;
import dev.convoy.data.storage.Storage;
import dev.convoy.trainer.Json;
import dev.convoy.trainer.SealedJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.util.Optional;

/** The folder of one run: {@code run.json}, lease, metrics, checkpoints, result and report. */
public final class RunDirectory {

  private static final String RECORD = "run.json";
  private static final String RESULT = "result.json";
  private static final String REPORT = "report.html";

  private final Storage storage;

  /** The run directory in a folder, whether it exists or not. */
  public RunDirectory(Storage storage) {
    this.storage = storage;
  }

  /** Where it lies. */
  public String location() {
    return storage.location();
  }

  /** The folder itself. */
  public Storage storage() {
    return storage;
  }

  /** What run it is, if one was ever started here. */
  public Optional<RunRecord> record() throws IOException {
    byte[] json;
    try {
      json = storage.read(RECORD);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
    RunRecord record;
    try {
      ObjectNode tree = SealedJson.tree(json);
      int format = tree.path("format").asInt(RunRecord.FORMAT);
      if (format != RunRecord.FORMAT) {
        throw new InvalidRequestException(
            "%s/%s has format %d; this version of Convoy reads format %d"
                .formatted(location(), RECORD, format, RunRecord.FORMAT));
      }
      record = SealedJson.open(tree, RunRecord.class);
    } catch (IOException e) {
      throw new BadDataException(
          "%s/%s is damaged: %s; a run whose record is lost cannot be resumed, but its checkpoints can be evaluated"
              .formatted(location(), RECORD, Json.firstLine(e)),
          e);
    }
    return Optional.of(record);
  }

  /**
   * Starts a run here; the caller holds the lease. The record is there whole or not at all, even on
   * a full disk.
   *
   * @throws InvalidRequestException if there is one
   */
  public void start(RunRecord record) throws IOException {
    if (storage.exists(RECORD)) {
      throw new InvalidRequestException(
          "%s already holds a run; resume it, or choose another run directory"
              .formatted(location()));
    }
    storage.write(RECORD, SealedJson.write(record));
  }

  /** Writes what the run gave. */
  public void writeResult(Object result) throws IOException {
    storage.write(RESULT, Json.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(result));
  }

  /**
   * Writes the report.
   *
   * @return where it lies
   */
  public String writeReport(String html) throws IOException {
    storage.write(REPORT, html.getBytes(StandardCharsets.UTF_8));
    return reportLocation();
  }

  /** Where the report lies, or will lie. */
  public String reportLocation() {
    return location() + "/" + REPORT;
  }
}
