package dev.convoy.trainer.doctor;

import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.function.Function;

/** Lets a probe look, in a task. */
final class ProbeTask implements Function<String, String> {

  private static final long serialVersionUID = 1L;

  private final Probe<?> probe;

  ProbeTask(Probe<?> probe) {
    this.probe = probe;
  }

  @Override
  public String call(String wanted) {
    String executor = SparkEnv.get().executorId();
    // It may have been put elsewhere: then this process answers for itself.
    return Reply.of(executor, probe).write();
  }
}
