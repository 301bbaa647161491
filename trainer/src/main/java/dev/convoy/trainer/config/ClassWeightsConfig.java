package dev.convoy.trainer.config;

import java.util.List;
import java.util.Map;

/** How much each class counts in the loss. */
@DefaultKind(value = "equal", key = "kind")
@Experiment
@Doc(
    "How much each class counts in the loss: all 1; `balanced`, training examples / (classes *"
        + " training examples of the class); a `list` in the order of the classes; or a `map` by name")
public sealed interface ClassWeightsConfig {

  /** All classes weigh 1. */
  @Kind("equal")
  record Equal() implements ClassWeightsConfig {}

  /** So that all classes count the same together, by the counts of the training split. */
  @Kind("balanced")
  record Balanced() implements ClassWeightsConfig {}

  /**
   * By the classes' indices.
   *
   * @param weights one a class, above 0
   */
  @Kind("list")
  record InOrder(
      @Required(example = "[1, 2]")
          @Experiment
          @Doc("One number above 0 for each class, in the order of the dataset's classes")
          List<Double> weights)
      implements ClassWeightsConfig {
    public InOrder {
      new Problems()
          .require(
              weights.stream().allMatch(ClassWeightsConfig::isWeight),
              "weights",
              weights,
              "numbers above 0")
          .throwIfAny();
      weights = List.copyOf(weights);
    }
  }

  /**
   * By the classes' names.
   *
   * @param byClass weights of some classes; the others weigh 1
   */
  @Kind("map")
  record ByName(
      @Required(example = "{tulip: 2}")
          @Experiment
          @Doc("A number above 0 for each class named; the others weigh 1")
          Map<String, Object> byClass)
      implements ClassWeightsConfig {
    public ByName {
      new Problems()
          .require(
              byClass.values().stream()
                  .allMatch(v -> v instanceof Number n && isWeight(n.doubleValue())),
              "by_class",
              YamlWriter.flow(byClass),
              "names of classes with numbers above 0, for example {tulip: 2}")
          .throwIfAny();
      byClass = PlainData.copyOf(byClass);
    }
  }

  private static boolean isWeight(double weight) {
    return weight > 0 && Double.isFinite(weight);
  }
}
