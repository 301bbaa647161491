package dev.convoy.trainer.executor;

import dev.convoy.data.InvalidRequestException;
import java.util.HashMap;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;

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
    for (RunningExecutor executor : RunningExecutor.all(spark)) {
      for (String address : executor.gpus()) {
        hold(holders, address, executor.location());
      }
    }
  }

  private static void hold(Map<String, String> holders, String address, ExecutorLocation holder) {
    String executor = holder.executor();
    String other = holders.put(holder.host() + " " + address, executor);
    if (other != null && !other.equals(executor)) {
      throw new InvalidRequestException(
          ("executors %s and %s, both on %s, were given the same GPU %s, so that two workers would compute on it"
                  + " at a time; let one worker of Spark serve all GPUs of a host, or give each worker its own by its"
                  + " discovery script")
              .formatted(other, executor, holder.host(), address));
    }
  }
}
