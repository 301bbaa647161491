package dev.convoy.trainer.it;

import java.util.List;
import java.util.Map;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.PluginContext;
import org.apache.spark.api.plugin.SparkPlugin;

/** Does something at the start of each task of one host of a cluster. */
abstract class OneHostPlugin implements SparkPlugin {

  private static final String HOST = "spark.convoy.test.host";
  private static final String ARGUMENT = "spark.convoy.test.argument";

  /** Settings of Spark that put one in. */
  static List<String> settings(
      Class<? extends OneHostPlugin> plugin, String host, String argument) {
    return List.of(
        "spark.plugins=" + plugin.getName(),
        "spark.executor.extraClassPath=" + Distribution.TEST_CLASSES,
        HOST + "=" + host,
        ARGUMENT + "=" + argument);
  }

  /** What is done, by the task's thread. */
  abstract void taskStarts(String argument);

  @Override
  public final DriverPlugin driverPlugin() {
    return new DriverPlugin() {};
  }

  @Override
  public final ExecutorPlugin executorPlugin() {
    return new ExecutorPlugin() {
      private String chosen = "";
      private String argument = "";

      @Override
      public void init(PluginContext context, Map<String, String> extra) {
        chosen = context.conf().get(HOST);
        argument = context.conf().get(ARGUMENT);
      }

      @Override
      public void onTaskStart() {
        // PluginContext.hostname() fails in executors (Spark 3.5.5: they have no RPC address).
        if (SparkEnv.get().blockManager().blockManagerId().host().equals(chosen)) {
          taskStarts(argument);
        }
      }
    };
  }
}
