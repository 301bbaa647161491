package dev.convoy.trainer.training;

import dev.convoy.data.InvalidRequestException;
import dev.convoy.data.dataset.DatasetManifest;
import dev.convoy.data.dataset.Split;
import dev.convoy.data.text.Suggestions;
import dev.convoy.trainer.config.ClassWeightsConfig;
import java.util.ArrayList;
import java.util.List;

/** Weights of a dataset's classes as a configuration asks for them. */
final class ClassWeights {

  private ClassWeights() {}

  /**
   * One weight a class, or none where all are 1.
   *
   * @throws InvalidRequestException if they do not fit the dataset's classes
   */
  static List<Double> of(ClassWeightsConfig config, DatasetManifest manifest) {
    if (config instanceof ClassWeightsConfig.Balanced) {
      return balanced(manifest);
    }
    if (config instanceof ClassWeightsConfig.InOrder list) {
      return inOrder(list.weights(), manifest.classes());
    }
    if (config instanceof ClassWeightsConfig.ByName map) {
      return byName(map, manifest.classes());
    }
    return List.of();
  }

  private static List<Double> balanced(DatasetManifest manifest) {
    int classes = manifest.classes().size();
    double examples = manifest.examples(Split.TRAIN);
    List<Double> weights = new ArrayList<>();
    List<String> empty = new ArrayList<>();
    for (int label = 0; label < classes; label++) {
      long counted = manifest.examples(Split.TRAIN, label);
      weights.add(counted == 0 ? 1 : examples / (classes * (double) counted));
      if (counted == 0) {
        empty.add(manifest.classes().get(label));
      }
    }
    if (!empty.isEmpty()) {
      throw new InvalidRequestException(
          "there is no training example of %s, so no weight balances it; name weights with kind: map"
              .formatted(String.join(", ", empty)));
    }
    return weights;
  }

  private static List<Double> inOrder(List<Double> weights, List<String> classes) {
    if (weights.size() != classes.size()) {
      throw new InvalidRequestException(
          "%d weights for %d classes; one for each of %s"
              .formatted(weights.size(), classes.size(), String.join(", ", classes)));
    }
    return weights;
  }

  private static List<Double> byName(ClassWeightsConfig.ByName map, List<String> classes) {
    List<String> unknown =
        map.byClass().keySet().stream().filter(name -> !classes.contains(name)).toList();
    if (!unknown.isEmpty()) {
      throw new InvalidRequestException(
          "the dataset has no class %s%s"
              .formatted(
                  String.join(", ", unknown), Suggestions.didYouMean(unknown.get(0), classes)));
    }
    return classes.stream()
        .map(name -> ((Number) map.byClass().getOrDefault(name, 1)).doubleValue())
        .toList();
  }
}
