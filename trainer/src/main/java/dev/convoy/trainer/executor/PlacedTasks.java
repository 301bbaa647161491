package dev.convoy.trainer.executor;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import scala.Tuple2;
import scala.collection.JavaConverters;
import scala.collection.Seq;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

/** Tasks of which each may say where it is best run; none waits for that place. */
public final class PlacedTasks {

  private PlacedTasks() {}

  /**
   * One partition with its own number for each task.
   *
   * @param preferred the executors that suit each task, possibly none
   */
  public static JavaRDD<Integer> of(
      JavaSparkContext spark, List<List<ExecutorLocation>> preferred) {
    List<Tuple2<Integer, Seq<String>>> tasks = new ArrayList<>();
    for (List<ExecutorLocation> places : preferred) {
      List<String> names = places.stream().map(ExecutorLocation::preference).toList();
      tasks.add(new Tuple2<>(tasks.size(), JavaConverters.asScalaBuffer(names).toList()));
    }
    ClassTag<Integer> tag = ClassTag$.MODULE$.apply(Object.class); // as parallelize has it
    return JavaRDD.fromRDD(
        spark.sc().makeRDD(JavaConverters.asScalaBuffer(tasks).toList(), tag), tag);
  }
}
