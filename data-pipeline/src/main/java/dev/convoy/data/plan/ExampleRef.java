package dev.convoy.data.plan;

/**
 * Where an example lies.
 *
 * @param shard index among the split's shards, in the manifest's order
 * @param row index within the shard
 */
public record ExampleRef(int shard, int row) {}
