package dev.convoy.data.dataset;

import java.io.Serializable;

/**
 * Sizes and modes of a dataset's images.
 *
 * @param minWidth pixels, as all sizes
 * @param grey how many images have one channel
 * @param colour how many have three
 * @param encodedBytes length of all encoded images together
 */
public record ImageStatistics(
    int minWidth,
    int maxWidth,
    int minHeight,
    int maxHeight,
    long grey,
    long colour,
    long encodedBytes)
    implements Serializable {}
