package dev.convoy.models.weights;

import dev.convoy.models.ModelSpec;
import dev.convoy.models.state.NetworkState;
import dev.convoy.models.state.ParameterLayout;

/**
 * A network with weights from elsewhere.
 *
 * @param model with the arguments that the weights were trained with
 * @param layout of its parameters
 * @param state its parameters, momentum 0; the input's channels are red, green, blue
 * @param scaling of the input
 * @param format of the file
 */
public record ImportedNetwork(
    ModelSpec model,
    ParameterLayout layout,
    NetworkState state,
    InputScaling scaling,
    WeightFormat format) {}
