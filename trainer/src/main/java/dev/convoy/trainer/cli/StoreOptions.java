package dev.convoy.trainer.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.SparkHadoopUtil;
import picocli.CommandLine.Option;

/** How to reach file systems, for every command that reads or writes one. */
class StoreOptions {

  @Option(
      names = "--conf",
      paramLabel = "KEY=VALUE",
      description = "A setting of Spark or, with the prefix spark.hadoop., of Hadoop. Repeatable.")
  private Map<String, String> settings = new LinkedHashMap<>();

  /** What Hadoop is to know, without a session. */
  final Configuration hadoop() {
    return SparkHadoopUtil.get().newConfiguration(given());
  }

  /** What spark-submit and this command were told. */
  final SparkConf given() {
    SparkConf conf = new SparkConf();
    settings.forEach(conf::set);
    return conf;
  }
}
