package dev.convoy.trainer.it;

import dev.convoy.trainer.training.SlowFileSystem;
import java.util.ArrayList;
import java.util.List;

/** Makes one file of a {@link SlowFileSystem} slow on one host of a cluster. */
public final class SlowDiskPlugin extends OneHostPlugin {

  /** Settings of Spark that put this and the file system in. */
  static List<String> settings(String host, String file) {
    List<String> settings = new ArrayList<>(settings(SlowDiskPlugin.class, host, file));
    settings.add(
        "spark.hadoop.fs.%s.impl=%s"
            .formatted(SlowFileSystem.SCHEME, SlowFileSystem.class.getName()));
    return settings;
  }

  @Override
  void taskStarts(String file) {
    SlowFileSystem.setSlow(file);
  }
}
