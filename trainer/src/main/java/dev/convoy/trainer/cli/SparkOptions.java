package dev.convoy.trainer.cli;

import dev.convoy.data.InvalidRequestException;
import dev.convoy.trainer.executor.ExecutorCores;
import dev.convoy.trainer.kryo.ConvoyKryoRegistrator;
import java.io.IOException;
import java.util.Locale;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkException;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Option;

/** Where Spark runs: what the command line, spark-submit or nobody says. */
final class SparkOptions extends StoreOptions {

  private static final String EMBEDDED = "local[*,4]";

  @Option(
      names = "--master",
      paramLabel = "URL",
      description = {
        "Spark master; default: what spark-submit gives, else local[*,4], which is this machine with"
            + " retries."
      })
  private String master;

  /**
   * Opens a session.
   *
   * @param name of the application, as Spark's pages show it
   * @param threads computing threads of a task
   * @throws InvalidRequestException if an executor has fewer cores than that
   */
  SparkSession open(String name, int threads) {
    SparkConf conf = given();
    boolean submitted = conf.contains("spark.app.submitTime"); // spark-submit's own
    if (!submitted || conf.get("spark.app.name", "").equals(Convoy.class.getName())) {
      conf.setAppName(name);
    }
    if (master != null) {
      conf.setMaster(master);
    }
    conf.setIfMissing("spark.master", EMBEDDED);
    if (conf.get("spark.master").startsWith("local")) {
      // All processes are on this machine; its other addresses are nobody's business.
      conf.setIfMissing("spark.driver.host", "127.0.0.1");
      conf.setIfMissing("spark.driver.bindAddress", "127.0.0.1");
    }
    if (conf.get("spark.master").matches("local(\\[.*\\])?")) {
      // The one executor lives in this process. When a machine that slept wakes up, Spark would
      // take it for lost, and fill the log with that while it goes on working.
      conf.setIfMissing("spark.storage.blockManagerHeartbeatTimeoutMs", "365d");
      // A task without memory fails, as any other; Spark would end the process, and the driver in
      // it.
      conf.setIfMissing("spark.executor.killOnFatalError.depth", "0");
    }
    conf.setIfMissing("spark.serializer", "org.apache.spark.serializer.KryoSerializer");
    conf.setIfMissing("spark.kryo.registrator", ConvoyKryoRegistrator.class.getName());
    // One message holds a network's whole state.
    conf.setIfMissing("spark.kryoserializer.buffer.max", "1g");
    conf.setIfMissing("spark.driver.maxResultSize", "4g");
    // States are noise to a compressor: of ResNet-50's 410 MB in a shuffle it saves nothing.
    conf.setIfMissing("spark.broadcast.compress", "false");
    conf.setIfMissing("spark.shuffle.compress", "false");
    // A state in few pieces, since each piece is asked for on its own.
    conf.setIfMissing("spark.broadcast.blockSize", "16m");
    // Java copies the whole rest of a piece outside its heap for each write to a socket, which
    // takes a part of it; and TCP has checksums.
    conf.setIfMissing("spark.buffer.write.chunkSize", "262144");
    conf.setIfMissing("spark.broadcast.checksum", "false");
    // Else each slice is written to a file of its own first, and copied into the one that counts.
    conf.setIfMissing("spark.shuffle.sort.bypassMergeThreshold", "0");
    // Spark computes it, but looks at it only where decompression failed.
    conf.setIfMissing("spark.shuffle.checksum.enabled", "false");
    if (!submitted) {
      conf.setIfMissing("spark.ui.enabled", "false");
    }
    conf.setIfMissing("spark.ui.showConsoleProgress", "false");
    // Any worker runs in any slot: what was loaded ahead elsewhere is worth less than the wait.
    conf.setIfMissing("spark.locality.wait", "0s");
    conf.setIfMissing("spark.task.cpus", Integer.toString(threads));
    // The engine sets its own number for each call; what else there is should start no pools.
    conf.setIfMissing("spark.executorEnv.OMP_NUM_THREADS", "1");
    conf.setIfMissing(
        "spark.executor.extraJavaOptions",
        // JavaCPP's limit on the whole process knows nothing of the engine's planned memory. States
        // are fresh arrays in every round: page faults are dear on virtual machines, and the serial
        // collector, which Java takes on one core, moves them. Netty fills its buffers with zeros
        // first where it may not use the constructor that does not.
        logging(submitted)
            + "-XX:+UseTransparentHugePages -XX:+UseG1GC -XX:MaxHeapFreeRatio=100 -Dio.netty.tryReflectionSetAccessible=true"
            + " -Dorg.bytedeco.javacpp.maxphysicalbytes=0 -Dorg.bytedeco.javacpp.logger=slf4j");
    watchCores(conf);
    return started(conf, threads);
  }

  private static void watchCores(SparkConf conf) {
    String listeners = conf.get("spark.extraListeners", "");
    String own = ExecutorCores.class.getName();
    conf.set("spark.extraListeners", listeners.isBlank() ? own : listeners + "," + own);
  }

  /** A Spark of the user's own has a configuration of its own, and not this jar at its start. */
  private static String logging(boolean submitted) {
    return submitted ? "" : "-Dlog4j2.configurationFile=convoy-log4j2.properties ";
  }

  private static SparkSession started(SparkConf conf, int threads) {
    try {
      return SparkSession.builder().config(conf).getOrCreate();
    } catch (Exception e) { // Spark's own are checked, but not declared
      if (e instanceof SparkException && String.valueOf(e.getMessage()).contains("cpus per task")) {
        throw new InvalidRequestException(
            ("threads is %d, but an executor of %s has fewer cores: %s; give executors as many, or"
                    + " threads at most the cores of one")
                .formatted(threads, conf.get("spark.master"), e.getMessage()),
            e);
      }
      // A setting that is no number, too little heap; but also a host that has no name just now.
      if (e instanceof IllegalArgumentException && !(e.getCause() instanceof IOException)) {
        String heap =
            String.valueOf(e.getMessage()).contains("heap") ? "; CONVOY_HEAP sets it" : "";
        throw new InvalidRequestException("Spark cannot start: " + e.getMessage() + heap, e);
      }
      if (e instanceof SparkException
          && String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT).contains("master url")) {
        throw new InvalidRequestException(
            "--master: %s; give local[*], local-cluster[N,CORES,MIB] or spark://HOST:PORT; for YARN and Kubernetes your own spark-submit"
                .formatted(e.getMessage()),
            e);
      }
      throw e;
    }
  }
}
