package dev.convoy.data.ingest;

import dev.convoy.data.dataset.Split;
import java.io.Serializable;
import java.util.List;

/** One shard to be written: its examples in their order. */
record PlannedShard(Split split, String file, List<ScannedImage> images) implements Serializable {
  PlannedShard {
    images = List.copyOf(images);
  }
}
