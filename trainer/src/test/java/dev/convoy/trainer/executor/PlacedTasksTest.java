package dev.convoy.trainer.executor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.spark.Partition;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.scheduler.ExecutorCacheTaskLocation;
import org.apache.spark.scheduler.TaskLocation;
import org.junit.jupiter.api.Test;
import scala.collection.JavaConverters;

/** Preferred places as Spark's scheduler reads them. */
final class PlacedTasksTest {

  @Test
  void tasksPreferTheirExecutorsAndRunAnywhere() {
    SparkConf conf =
        new SparkConf()
            .setMaster("local[2]")
            .setAppName("tests")
            .set("spark.ui.enabled", "false")
            .set("spark.locality.wait", "0s") // as the command line sets it
            .set("spark.driver.host", "127.0.0.1");
    ExecutorLocation gone = new ExecutorLocation("host-7", "12");
    try (JavaSparkContext spark = new JavaSparkContext(conf)) {
      String id =
          spark.parallelize(List.of(0)).map(i -> ExecutorLocation.here().executor()).first();
      ExecutorLocation here = new ExecutorLocation("127.0.0.1", id);
      JavaRDD<Integer> tasks =
          PlacedTasks.of(spark, List.of(List.of(), List.of(gone), List.of(here)));

      assertThat(tasks.partitions()).hasSize(3);
      assertThat(preferred(tasks, 0)).isEmpty();
      assertThat(preferred(tasks, 1)).containsExactly("executor_host-7_12");
      assertThat(TaskLocation.apply(preferred(tasks, 1).get(0)))
          .isEqualTo(new ExecutorCacheTaskLocation("host-7", "12"));
      assertThat(tasks.collect()).as("a lost executor stops nothing").containsExactly(0, 1, 2);
    }
  }

  private static List<String> preferred(JavaRDD<Integer> tasks, int partition) {
    Partition of = tasks.partitions().get(partition);
    return JavaConverters.seqAsJavaList(tasks.rdd().preferredLocations(of));
  }
}
