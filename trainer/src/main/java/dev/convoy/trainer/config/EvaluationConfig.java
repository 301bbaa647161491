package dev.convoy.trainer.config;

/**
 * When the model is evaluated during training, and on what.
 *
 * @param everyEpochs epochs between two evaluations; 0: none during training
 * @param split what is evaluated
 * @param batch examples that go through the network together, at least 1
 */
public record EvaluationConfig(
    @Default("1") @Operation @Doc("Epochs between two evaluations; 0: none during training")
        int everyEpochs,
    @Default("auto")
        @Operation
        @Doc("What is evaluated; `auto`: the validation split, or none where the dataset has none")
        EvaluationSplit split,
    @Default("100") @Operation @Doc("Examples that go through the network together, at least 1")
        int batch) {

  /**
   * @throws ConfigurationException with everything that is wrong
   */
  public EvaluationConfig {
    new Problems()
        .require(everyEpochs >= 0, "every_epochs", everyEpochs, "at least 1, or 0 for none")
        .require(batch >= 1, "batch", batch, "at least 1")
        .throwIfAny();
  }
}
