package dev.convoy.data.ingest;

import java.io.Serializable;

/**
 * An image file that could not be read.
 *
 * @param path below the input, with '/'
 * @param reason in one sentence
 */
public record Reject(String path, String reason) implements Serializable {}
