package dev.convoy.data.dataset;

import java.io.IOException;
import java.util.List;

/** Loads a shard's examples, as {@link ShardReader} does. */
@FunctionalInterface
public interface ShardLoader {
  List<Example> load(ShardEntry shard) throws IOException;
}
