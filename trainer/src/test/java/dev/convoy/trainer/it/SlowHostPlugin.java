package dev.convoy.trainer.it;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.PluginContext;
import org.apache.spark.api.plugin.SparkPlugin;

/** Makes one host of a cluster slow: each of its tasks first waits. */
public final class SlowHostPlugin implements SparkPlugin {

  private static final String HOST = "spark.convoy.test.slow.host";
  private static final String MILLIS = "spark.convoy.test.slow.millis";

  /** Settings of Spark that put this in. */
  static List<String> settings(String host, Duration wait) {
    return List.of(
        "spark.plugins=" + SlowHostPlugin.class.getName(),
        "spark.executor.extraClassPath=" + Distribution.TEST_CLASSES,
        HOST + "=" + host,
        MILLIS + "=" + wait.toMillis());
  }

  @Override
  public DriverPlugin driverPlugin() {
    return new DriverPlugin() {};
  }

  @Override
  public ExecutorPlugin executorPlugin() {
    return new SlowTasks();
  }

  private static final class SlowTasks implements ExecutorPlugin {
    private String slowHost = "";
    private long millis;

    @Override
    public void init(PluginContext context, Map<String, String> extra) {
      slowHost = context.conf().get(HOST);
      millis = context.conf().getLong(MILLIS, 0);
    }

    @Override
    public void onTaskStart() {
      // PluginContext.hostname() fails in executors (Spark 3.5.5: they have no RPC address).
      if (!SparkEnv.get().blockManager().blockManagerId().host().equals(slowHost)) {
        return;
      }
      try {
        TimeUnit.MILLISECONDS.sleep(millis);
      } catch (InterruptedException e) {
        // The other attempt was faster.
        Thread.currentThread().interrupt();
      }
    }
  }
}
