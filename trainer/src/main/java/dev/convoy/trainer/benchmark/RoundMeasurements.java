package dev.convoy.trainer.benchmark;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.convoy.data.BadDataException;
import dev.convoy.data.InvalidRequestException;
import dev.convoy.trainer.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Files of what {@code convoy bench round --json} printed, a line each. */
public final class RoundMeasurements {

  private RoundMeasurements() {}

  /**
   * Reads all observations. A line may also hold the object under the key {@code result}, as the
   * script {@code trainer/benchmarks/round} writes it; lines with neither are left out.
   *
   * @throws InvalidRequestException if there is no such file
   * @throws BadDataException if a line is no JSON, or an observation is not whole
   */
  public static List<RoundObservation> read(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new InvalidRequestException(
          "there is no file %s; `convoy bench round --json` prints what it should hold"
              .formatted(file));
    }
    List<RoundObservation> observations = new ArrayList<>();
    int number = 0;
    for (String line : Files.readAllLines(file)) {
      number++;
      try {
        JsonNode node = Json.MAPPER.readTree(line);
        JsonNode result = node.has("result") ? node.get("result") : node;
        for (JsonNode observation : result.path("observations")) {
          observations.add(Json.STRICT.treeToValue(observation, RoundObservation.class));
        }
      } catch (JsonProcessingException e) {
        throw new BadDataException(
            "line %d of %s is not what `convoy bench round --json` prints: %s"
                .formatted(number, file, Json.firstLine(e)),
            e);
      }
    }
    return observations;
  }
}
