package dev.convoy.trainer.executor;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;

/** How many tasks Spark runs at once in one process: its cores by the cores of a task. */
final class TaskSlots {

  private static final Pattern LOCAL =
      Pattern.compile("local(?:\\[\\s*([0-9]+|\\*)\\s*(?:,\\s*[0-9]+\\s*)?])?");

  /** Executors learn of their cores on their command line alone, whichever cluster it is. */
  private static final Pattern CORES = Pattern.compile("(?:^|\\s)--cores\\s+([0-9]+)(?:\\s|$)");

  private TaskSlots() {}

  static int ofThisProcess() {
    SparkConf conf = SparkEnv.get().conf();
    int processors = Runtime.getRuntime().availableProcessors();
    int cores =
        cores(
            conf.get("spark.master", ""),
            System.getProperty("sun.java.command", ""),
            conf.getInt("spark.executor.cores", processors),
            processors);
    return Math.max(1, cores / conf.getInt("spark.task.cpus", 1));
  }

  /**
   * Cores of a process.
   *
   * @param master Spark's
   * @param command of the process
   * @param configured where the command says nothing
   * @param processors of the machine
   */
  static int cores(String master, String command, int configured, int processors) {
    Matcher local = LOCAL.matcher(master);
    if (local.matches()) {
      String threads = local.group(1);
      return threads == null ? 1 : threads.equals("*") ? processors : Integer.parseInt(threads);
    }
    Matcher given = CORES.matcher(command);
    return given.find() ? Integer.parseInt(given.group(1)) : configured;
  }
}
