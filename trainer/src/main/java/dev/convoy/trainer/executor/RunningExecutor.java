package dev.convoy.trainer.executor;

import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.resource.ResourceInformation;
import org.apache.spark.status.api.v1.ExecutorSummary;
import scala.Option;
import scala.collection.JavaConverters;

/**
 * An executor as Spark's driver knows it; the driver itself is among them.
 *
 * @param location host and id
 * @param cores that Spark may use there
 * @param slots tasks that it runs at a time
 * @param gpus addresses of the GPUs that it was given
 * @param since when it came, in milliseconds of the driver's clock
 */
public record RunningExecutor(
    ExecutorLocation location, int cores, int slots, List<String> gpus, long since) {

  /** All that are there at this moment. */
  public static List<RunningExecutor> all(JavaSparkContext spark) {
    return JavaConverters.seqAsJavaList(spark.sc().statusStore().executorList(true)).stream()
        .map(RunningExecutor::of)
        .toList();
  }

  private static RunningExecutor of(ExecutorSummary summary) {
    Option<ResourceInformation> gpus = summary.resources().get(TaskDevice.RESOURCE);
    return new RunningExecutor(
        new ExecutorLocation(host(summary.hostPort()), summary.id()),
        summary.totalCores(),
        Math.max(1, summary.maxTasks()),
        gpus.isEmpty() ? List.of() : List.of(gpus.get().addresses()),
        summary.addTime().toInstant().toEpochMilli());
  }

  private static String host(String hostAndPort) {
    int colon = hostAndPort.lastIndexOf(':');
    return colon < 0 ? hostAndPort : hostAndPort.substring(0, colon);
  }
}
