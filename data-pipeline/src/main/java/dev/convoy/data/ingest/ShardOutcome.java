package dev.convoy.data.ingest;

import dev.convoy.data.dataset.ShardEntry;
import java.io.Serializable;

/** How writing a shard ended. */
sealed interface ShardOutcome extends Serializable {
  record Written(ShardEntry entry) implements ShardOutcome {}

  /** A file is not what the first pass read; nothing was written. */
  record SourceChanged(String id) implements ShardOutcome {}

  /** It came out as other bytes than those it should replace; nothing was written. */
  record Different(String file) implements ShardOutcome {}
}
