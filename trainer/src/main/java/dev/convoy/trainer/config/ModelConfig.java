package dev.convoy.trainer.config;

import java.util.Map;

/**
 * What is trained. The number of classes comes from the dataset.
 *
 * @param name in the registry of architectures
 * @param arguments of the architecture; kept in order, unmodifiable
 * @param input the shape of one example
 */
public record ModelConfig(
    @Required(example = "resnet20_cifar")
        @Experiment
        @Doc("Name in the registry; `convoy models` lists them")
        String name,
    @Default("{}")
        @Experiment
        @Doc("Arguments of the architecture; `convoy models NAME` lists them")
        Map<String, Object> arguments,
    InputConfig input) {

  /**
   * @throws ConfigurationException with everything that is wrong
   */
  public ModelConfig {
    new Problems()
        .require(!name.isBlank(), "name", name, "a name that convoy models lists")
        .throwIfAny();
    arguments = PlainData.copyOf(arguments);
  }
}
