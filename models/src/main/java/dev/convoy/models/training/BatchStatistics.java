package dev.convoy.models.training;

/**
 * What the batch norms of a network saw in one forward pass.
 *
 * @param examples that went through together
 * @param means of all batch norms, one a channel, in the order of the network's flat vector
 * @param variances the populations', index for index beside {@code means}
 */
public record BatchStatistics(int examples, float[] means, float[] variances) {}
