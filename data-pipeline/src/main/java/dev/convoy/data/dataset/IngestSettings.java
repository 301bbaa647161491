package dev.convoy.data.dataset;

import java.io.Serializable;

/**
 * What decided how a version was cut; the same content with the same settings is the same version.
 *
 * @param layout {@code classes} or {@code splits}: how the ingested folder was read
 * @param validationShare share of the examples drawn for validation, 0 to 1
 * @param testShare share of the examples drawn for test, 0 to 1
 * @param shardBytes encoded images per shard, at most (an image larger than that is alone)
 */
public record IngestSettings(
    String layout, double validationShare, double testShare, long shardBytes)
    implements Serializable {}
