package dev.convoy.trainer.imports;

import dev.convoy.models.ModelSpec;

/**
 * What came of an import.
 *
 * @param checkpoint its folder
 * @param model with the arguments that the weights were trained with
 * @param format of the weight file, in words
 * @param scaling of the input, by Keras' name for it
 * @param parameters trainable ones
 * @param parametersSha256 over parameters and running statistics, in the order of their names
 */
public record ImportResult(
    String checkpoint,
    ModelSpec model,
    String format,
    String scaling,
    long parameters,
    String parametersSha256) {}
