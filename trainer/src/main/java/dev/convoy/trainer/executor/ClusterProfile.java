package dev.convoy.trainer.executor;

import dev.convoy.data.InvalidRequestException;
import dev.convoy.models.engine.backend.Device;
import dev.convoy.models.training.ComputeProfile;
import dev.convoy.models.training.DeviceChoice;
import dev.convoy.models.training.PrecisionChoice;
import java.util.List;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;

/** The arithmetic of the machines that will do the work, which the driver's may not have. */
public final class ClusterProfile {

  /** Spark's setting for how many GPUs a task gets; below 1, several tasks get one. */
  public static final String GPUS_OF_A_TASK = "spark.task.resource.gpu.amount";

  private ClusterProfile() {}

  /**
   * Resolves what a person asked for, in a task of the cluster.
   *
   * @param threads that one operation uses
   * @throws InvalidRequestException if the cluster cannot compute so, or its tasks would share GPUs
   */
  public static ComputeProfile resolve(
      JavaSparkContext spark, DeviceChoice device, int threads, PrecisionChoice precision) {
    ComputeProfile profile =
        spark
            .parallelize(List.of(threads), 1)
            .map(count -> ExecutorProfile.resolve(device, count, precision))
            .first();
    if (profile.device().equals(Device.Gpu.KIND)) {
      if (gpusShared(spark.getConf())) {
        throw new InvalidRequestException(
            ("%s is %s, so that several workers would compute on one GPU at a time and fall over each"
                    + " other's memory; set it to 1")
                .formatted(GPUS_OF_A_TASK, spark.getConf().get(GPUS_OF_A_TASK)));
      }
      SharedGpus.refuse(spark);
    }
    return profile;
  }

  /** Whether Spark gives several tasks one GPU. */
  public static boolean gpusShared(SparkConf conf) {
    return conf.getDouble(GPUS_OF_A_TASK, 1) < 1;
  }
}
