package dev.convoy.models.weights;

import dev.convoy.models.ModelSpec;
import dev.convoy.models.state.NetworkState;
import dev.convoy.models.state.ParameterLayout;
import java.util.List;
import java.util.Optional;

/**
 * A network with weights from elsewhere.
 *
 * @param model with the arguments that the weights were trained with
 * @param layout of its parameters
 * @param state its parameters, momentum 0; the input's channels are red, green, blue
 * @param preprocessing what pixels go through: one of {@link InputScaling}, or the file's own
 * @param mean of each channel, one for all or one for each, of pixels divided by 255
 * @param std as many standard deviations
 * @param classes their names, where the file has them
 * @param format of the file
 */
public record ImportedNetwork(
    ModelSpec model,
    ParameterLayout layout,
    NetworkState state,
    String preprocessing,
    List<Double> mean,
    List<Double> std,
    Optional<List<String>> classes,
    WeightFormat format) {}
