package dev.convoy.trainer.executor;

import dev.convoy.data.InvalidRequestException;
import java.util.HashMap;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.resource.ResourceInformation;
import org.apache.spark.status.api.v1.ExecutorSummary;
import scala.Option;
import scala.collection.JavaConverters;

/**
 * GPUs that several executors were given. Spark keeps the tasks of one executor apart, but knows
 * nothing of two workers on a machine that both discovered all its GPUs.
 */
public final class SharedGpus {

  private SharedGpus() {}

  /**
   * Looks at the executors that are there; others may come, so a run looks before each round.
   *
   * @throws InvalidRequestException if two on one host have the same GPU
   */
  public static void refuse(JavaSparkContext spark) {
    Map<String, String> holders = new HashMap<>();
    for (ExecutorSummary executor :
        JavaConverters.seqAsJavaList(spark.sc().statusStore().executorList(true))) {
      Option<ResourceInformation> gpus = executor.resources().get(TaskDevice.RESOURCE);
      if (gpus.isDefined()) {
        for (String address : gpus.get().addresses()) {
          hold(holders, address, host(executor.hostPort()), executor.id());
        }
      }
    }
  }

  private static void hold(
      Map<String, String> holders, String address, String host, String executor) {
    String other = holders.put(host + " " + address, executor);
    if (other != null && !other.equals(executor)) {
      throw new InvalidRequestException(
          ("executors %s and %s, both on %s, were given the same GPU %s, so that two workers would compute on it"
                  + " at a time; let one worker of Spark serve all GPUs of a host, or give each worker its own by its"
                  + " discovery script")
              .formatted(other, executor, host, address));
    }
  }

  private static String host(String hostAndPort) {
    int colon = hostAndPort.lastIndexOf(':');
    return colon < 0 ? hostAndPort : hostAndPort.substring(0, colon);
  }
}
