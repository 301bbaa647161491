package dev.convoy.trainer.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.trainer.cli.Convoy;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.apache.spark.deploy.SparkSubmit;
import org.apache.spark.deploy.master.Master;
import org.apache.spark.deploy.worker.Worker;

/** Spark's standalone master and its workers, one core each, as processes on this machine. */
final class StandaloneCluster {

  /** An address of the loopback that only Linux has by itself: to Spark another host. */
  static final String OTHER_HOST = "127.0.0.2";

  static final String HOST = "127.0.0.1";

  private static final String DAEMON_HEAP = "256m";
  private static final Pattern MASTER =
      Pattern.compile("Starting Spark master at (spark://127\\.0\\.0\\.1:\\d+)");
  private static final Pattern REGISTERED_WORKER = Pattern.compile("Registering worker ");
  private static final Pattern REGISTERED_APPLICATION =
      Pattern.compile("Registered app convoy train with ID (app-\\S+)");

  private final RunningProcess master;
  private final String url;
  private final List<RunningProcess> workers;

  private StandaloneCluster(RunningProcess master, String url, List<RunningProcess> workers) {
    this.master = master;
    this.url = url;
    this.workers = workers;
  }

  /**
   * Starts a cluster.
   *
   * @param hosts one for each worker
   */
  static StandaloneCluster start(Processes processes, Path folder, List<String> hosts)
      throws IOException, InterruptedException {
    RunningProcess master =
        processes.start(
            "master",
            folder,
            Distribution.java(
                DAEMON_HEAP, Master.class, "--host", HOST, "--port", "0", "--webui-port", "0"));
    String url =
        Await.first("the master's address", () -> find(master, MASTER).map(m -> m.group(1)));
    List<RunningProcess> workers = new ArrayList<>();
    for (String host : hosts) {
      String name = "worker-" + workers.size();
      List<String> options =
          List.of(
              "--host=" + host,
              "--port=0",
              "--webui-port=0",
              "--cores=1",
              "--memory=1g",
              "--work-dir=" + folder.resolve(name));
      List<String> arguments = new ArrayList<>();
      for (String option : options) {
        arguments.addAll(List.of(option.split("=", 2)));
      }
      arguments.add(url);
      workers.add(
          processes.start(
              name,
              folder,
              Distribution.java(DAEMON_HEAP, Worker.class, arguments.toArray(String[]::new))));
    }
    Await.first(
        "registered workers",
        () -> Optional.of(count(master, REGISTERED_WORKER)).filter(count -> count == hosts.size()));
    return new StandaloneCluster(master, url, workers);
  }

  /** Starts one on two hosts: Spark puts a second attempt on another host only. */
  static StandaloneCluster onTwoHosts(Processes processes, Path folder)
      throws IOException, InterruptedException {
    return start(processes, folder, List.of(HOST, OTHER_HOST));
  }

  /**
   * The command that submits a training to this cluster, the driver being the command's process.
   *
   * @param jvm options of the driver
   * @param settings of Spark, as {@code key=value}
   */
  List<String> submit(
      ReferenceRun reference, RunFolder run, List<String> jvm, List<String> settings)
      throws IOException {
    return submit(List.of(reference.train(run)), jvm, settings);
  }

  /**
   * The command that submits any verb of Convoy to this cluster, the driver being the command's
   * process.
   *
   * @param convoy verb and options
   * @param jvm options of the driver
   * @param settings of Spark, as {@code key=value}; with {@code spark.cores.max} an executor has
   *     all cores of its worker, else one
   */
  List<String> submit(List<String> convoy, List<String> jvm, List<String> settings)
      throws IOException {
    List<String> arguments = new ArrayList<>(List.of("--class", Convoy.class.getName()));
    arguments.addAll(List.of("--master", url, "--deploy-mode", "client"));
    List<String> all = new ArrayList<>(settings);
    all.addAll(
        List.of(
            "spark.driver.host=" + HOST,
            "spark.driver.bindAddress=" + HOST,
            "spark.executor.memory=768m"));
    if (settings.stream().noneMatch(setting -> setting.startsWith("spark.cores.max="))) {
      all.add("spark.executor.cores=1");
    }
    for (String setting : all) {
      arguments.addAll(List.of("--conf", setting));
    }
    arguments.add(Distribution.application().toString());
    arguments.addAll(convoy);
    List<String> command =
        new ArrayList<>(
            Distribution.java("512m", SparkSubmit.class, arguments.toArray(String[]::new)));
    command.addAll(1, jvm);
    return command;
  }

  /** The id of the one application that was submitted. */
  String application() {
    Optional<MatchResult> registered = find(master, REGISTERED_APPLICATION);
    assertThat(registered).as("an application in the master's log%n%s", master.story()).isPresent();
    return registered.orElseThrow().group(1);
  }

  /** The executors that run at this moment. */
  List<ExecutorProcess> executors() {
    return workers.stream()
        .flatMap(RunningProcess::descendants)
        .flatMap(process -> ExecutorProcess.of(process).stream())
        .toList();
  }

  private static Optional<MatchResult> find(RunningProcess process, Pattern pattern) {
    return pattern.matcher(process.errors()).results().findFirst();
  }

  private static int count(RunningProcess process, Pattern pattern) {
    return Math.toIntExact(pattern.matcher(process.errors()).results().count());
  }
}
