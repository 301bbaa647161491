package dev.convoy.trainer.imports;

import dev.convoy.models.weights.WeightRequest;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What is to be imported, and as what.
 *
 * @param weights location of the weight file
 * @param network as which network
 * @param classNames location of a file with a class's name in each line; empty: their numbers
 * @param shorter length in pixels that an image's shorter side is scaled to before the crop; empty:
 *     8/7 of the input where the network is one for large images, otherwise the input's
 * @param output folder for the checkpoint
 */
public record ImportRequest(
    String weights,
    WeightRequest network,
    Optional<String> classNames,
    OptionalInt shorter,
    String output) {}
