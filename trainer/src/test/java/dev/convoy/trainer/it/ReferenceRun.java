package dev.convoy.trainer.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * An experiment that was run once without any disturbance, embedded, on two cores. Whatever happens
 * to another run of the same experiment, it has to end with the same parameters.
 *
 * @param dataset the ingested drawings
 * @param configuration the experiment's file, without dataset and run
 * @param settings what differs from that file, as {@code --set} takes it
 * @param run its directory
 * @param rounds that the run took
 * @param parametersSha256 of its result
 */
record ReferenceRun(
    Path dataset,
    Path configuration,
    List<String> settings,
    Path run,
    long rounds,
    String parametersSha256) {

  private static final int DRAWINGS_PER_CLASS = 200;
  private static final String CONFIGURATION =
      """
      dataset: set on the command line
      run: set on the command line
      seed: 7
      epochs: 2
      workers: 4
      batch: 8
      sync: {strategy: average, steps: 2}
      model: {name: lenet}
      optimizer: {learning_rate: 0.02, momentum: 0.9, weight_decay: 1.0e-4}
      schedule: {kind: cosine, warmup_epochs: 0.5}
      augment:
        train:
          - shift: {pixels: 2}
      checkpoint: {every_rounds: 2, keep: 3}
      evaluation: {every_epochs: 2}
      """;

  /** Draws, ingests and trains, in a folder. */
  static ReferenceRun in(Path folder, Processes processes)
      throws IOException, InterruptedException {
    Path dataset = folder.resolve("dataset");
    new Drawings(1).write(folder.resolve("drawings"), DRAWINGS_PER_CLASS);
    processes
        .start(
            "ingest",
            folder,
            Distribution.convoy(
                on(
                    "local[2,4]",
                    ingest(folder.resolve("drawings").toString(), dataset.toString()))))
        .result();
    Path configuration =
        Files.writeString(folder.resolve("experiment.yaml"), CONFIGURATION, StandardCharsets.UTF_8);
    ReferenceRun reference = trained(dataset, configuration, List.of(), folder, processes);
    assertThat(new RunFolder(reference.run()).result().path("top1").asDouble())
        .as("top-1 of the reference run")
        .isGreaterThan(0.5);
    return reference;
  }

  /** The same with other settings, trained in a folder. */
  ReferenceRun with(List<String> otherSettings, Path folder, Processes processes)
      throws IOException, InterruptedException {
    return trained(dataset, configuration, otherSettings, folder, processes);
  }

  private static ReferenceRun trained(
      Path dataset, Path configuration, List<String> settings, Path folder, Processes processes)
      throws IOException, InterruptedException {
    Path run = folder.resolve("reference");
    JsonNode result =
        processes
            .start(
                "reference",
                folder,
                Distribution.convoy(
                    on(
                        "local[2,4]",
                        arguments(dataset.toString(), configuration, settings, run.toString()))))
            .result();
    return new ReferenceRun(
        dataset,
        configuration,
        settings,
        run,
        result.path("rounds").asLong(),
        result.path("parameters_sha256").asText());
  }

  /** The folder of the drawings that became the dataset. */
  Path drawings() {
    return dataset.resolveSibling("drawings");
  }

  /** The arguments of {@code convoy} that make the dataset, without the master. */
  static List<String> ingest(String drawings, String dataset) {
    return List.of(
        "ingest",
        "--input=" + drawings,
        "--output=" + dataset,
        "--validation-share=0.1",
        "--test-share=0.1",
        "--shard-bytes=16KiB",
        "--json");
  }

  /** The arguments of {@code convoy} that train this experiment elsewhere, without the master. */
  List<String> train(String copyOfDataset, String run) {
    return arguments(copyOfDataset, configuration, settings, run);
  }

  /** The arguments of {@code convoy} that train this experiment, where spark-submit says. */
  String[] train(RunFolder run) {
    return arguments(dataset.toString(), configuration, settings, run.path().toString())
        .toArray(String[]::new);
  }

  /** The arguments of {@code convoy} that train this experiment. */
  String[] train(RunFolder run, String master) {
    return on(
        master, arguments(dataset.toString(), configuration, settings, run.path().toString()));
  }

  /** The arguments of {@code convoy} that go on with a run. */
  static String[] resume(RunFolder run, String master) {
    return on(master, List.of("resume", "--run=" + run.path(), "--json"));
  }

  /** Whether what a command printed and what the run's directory says are this run's result. */
  void assertSameResult(JsonNode printed, RunFolder run) throws IOException {
    assertThat(printed.path("parameters_sha256").asText()).isEqualTo(parametersSha256);
    assertThat(printed.path("rounds").asLong()).isEqualTo(rounds);
    assertThat(run.result()).isEqualTo(printed);
    assertThat(run.rounds()).isEqualTo(RunFolder.everyRoundOnce(rounds));
    assertThat(run.newestCheckpoint()).isEqualTo(rounds);
    assertThat(run.hasLease()).as("lease.json is left behind").isFalse();
  }

  private static List<String> arguments(
      String dataset, Path configuration, List<String> settings, String run) {
    return Stream.concat(
            Stream.of(
                "train",
                "--config=" + configuration,
                "--set=dataset=" + dataset,
                "--set=run=" + run,
                "--json"),
            settings.stream().map(setting -> "--set=" + setting))
        .toList();
  }

  private static String[] on(String master, List<String> arguments) {
    return Stream.concat(arguments.stream(), Stream.of("--master=" + master))
        .toArray(String[]::new);
  }
}
