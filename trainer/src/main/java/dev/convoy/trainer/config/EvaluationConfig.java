package dev.convoy.trainer.config;

/**
 * When the model is evaluated during training, and on what.
 *
 * @param everyEpochs epochs between two evaluations; 0: none during training
 * @param split what is evaluated during training
 * @param batch examples that go through the network together, at least 1; above 1000 is as 1000
 */
public record EvaluationConfig(
    @Default("1") @Operation @Doc("Epochs between two evaluations; 0: none during training")
        int everyEpochs,
    @Default("auto")
        @Operation
        @Doc(
            "What is evaluated during training, and by which the best checkpoint is kept; `auto`:"
                + " the validation split, or nothing where there is none. The result and report at"
                + " the end are always of the test split where there is one")
        EvaluationSplit split,
    @Default("100")
        @Operation
        @Doc("Examples that go through the network together, at least 1; above 1000 is as 1000")
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
