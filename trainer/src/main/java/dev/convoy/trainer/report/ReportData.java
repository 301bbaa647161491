package dev.convoy.trainer.report;

import dev.convoy.trainer.evaluation.ConfusionMatrix;
import java.util.List;

/**
 * Everything that a report shows.
 *
 * @param run the run's directory
 * @param model the architecture's name
 * @param summary one line under the title, for example "90 epochs, 8 workers x 32 examples"
 * @param evaluated the split that was evaluated after epochs; "" for none
 * @param scores of the final model, the most important first; may be empty
 * @param rounds in order
 * @param epochs in order
 * @param confusion of the first score's split
 * @param configurationYaml the effective configuration
 * @param learningRate what the schedule says of itself
 * @param provenance what the result came from
 */
public record ReportData(
    String run,
    String model,
    String summary,
    String evaluated,
    List<Score> scores,
    List<RoundPoint> rounds,
    List<EpochPoint> epochs,
    ConfusionMatrix confusion,
    String configurationYaml,
    String learningRate,
    Provenance provenance) {

  public ReportData {
    scores = List.copyOf(scores);
    rounds = List.copyOf(rounds);
    epochs = List.copyOf(epochs);
  }
}
