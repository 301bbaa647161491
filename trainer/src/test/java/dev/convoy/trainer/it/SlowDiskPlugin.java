package dev.convoy.trainer.it;

import dev.convoy.trainer.training.SlowFileSystem;
import java.util.List;
import java.util.Map;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.PluginContext;
import org.apache.spark.api.plugin.SparkPlugin;

/** Makes one file of a {@link SlowFileSystem} slow on one host of a cluster. */
public final class SlowDiskPlugin implements SparkPlugin {

  private static final String HOST = "spark.convoy.test.slow.host";
  private static final String FILE = "spark.convoy.test.slow.file";

  /** Settings of Spark that put this and the file system in. */
  static List<String> settings(String host, String file) {
    return List.of(
        "spark.plugins=" + SlowDiskPlugin.class.getName(),
        "spark.executor.extraClassPath=" + Distribution.TEST_CLASSES,
        "spark.hadoop.fs.%s.impl=%s"
            .formatted(SlowFileSystem.SCHEME, SlowFileSystem.class.getName()),
        HOST + "=" + host,
        FILE + "=" + file);
  }

  @Override
  public DriverPlugin driverPlugin() {
    return new DriverPlugin() {};
  }

  @Override
  public ExecutorPlugin executorPlugin() {
    return new SlowFile();
  }

  private static final class SlowFile implements ExecutorPlugin {
    private String slowHost = "";
    private String file = "";

    @Override
    public void init(PluginContext context, Map<String, String> extra) {
      slowHost = context.conf().get(HOST);
      file = context.conf().get(FILE);
    }

    @Override
    public void onTaskStart() {
      if (SparkEnv.get().blockManager().blockManagerId().host().equals(slowHost)) {
        SlowFileSystem.setSlow(file);
      }
    }
  }
}
