package dev.convoy.trainer.executor;

import java.io.Serializable;

/**
 * A pinned version of a dataset.
 *
 * @param location its folder
 * @param version its name
 */
public record DatasetVersion(String location, String version) implements Serializable {}
