package dev.convoy.trainer.config;

import java.util.List;
import java.util.Map;

/**
 * What is done to pictures before the network sees them. The lists hold one mapping {@code name:
 * {arguments}} for each augmentation, in the order in which they are applied; what names and
 * arguments there are the data pipeline decides.
 *
 * @param train of the training examples; unmodifiable
 * @param evaluate of examples in evaluation and prediction; unmodifiable
 * @param normalize what follows in either case
 */
public record AugmentConfig(
    @Default("[]")
        @Experiment
        @Doc(
            "Augmentations of training examples in order, such as `- flip: {probability: 0.5}`;"
                + " data-pipeline/README.md lists them")
        List<Map<String, Object>> train,
    @Default("[]")
        @Experiment
        @Doc("What is done to examples in evaluation, such as `- resize: {height: 32, width: 32}`")
        List<Map<String, Object>> evaluate,
    NormalizeConfig normalize) {

  /**
   * @throws ConfigurationException with everything that is wrong
   */
  public AugmentConfig {
    Problems problems = new Problems();
    checkNamed("train", train, problems);
    checkNamed("evaluate", evaluate, problems);
    problems.throwIfAny();
    train = PlainData.copyOf(train);
    evaluate = PlainData.copyOf(evaluate);
  }

  private static void checkNamed(String key, List<Map<String, Object>> list, Problems problems) {
    for (int i = 0; i < list.size(); i++) {
      Map<String, Object> item = list.get(i);
      problems.require(
          item.size() == 1 && item.values().iterator().next() instanceof Map<?, ?>,
          key + "." + i,
          item.isEmpty() ? "{}" : YamlWriter.flow(item),
          "one augmentation and its arguments, for example flip: {probability: 0.5}");
    }
  }
}
