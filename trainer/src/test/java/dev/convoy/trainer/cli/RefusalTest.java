package dev.convoy.trainer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is wrong with a command line or a configuration by itself is said before Spark starts. */
final class RefusalTest {

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "|a verb is missing",
        "tarin --config x|Unmatched argument",
        "train --confg=x|Unknown option: '--confg=x'",
        "ingest --output x|Missing required option: '--input=DIR'",
        "resume|Missing required option: '--run=DIR'",
        "inspect --dataset a --master yarn|Unknown options: '--master', 'yarn'",
        "export --checkpoint a --format onnx --output b --master=yarn|Unknown option: '--master=yarn'",
        "datasets|a verb is missing: convoy datasets get",
        "bench|Missing required subcommand",
        "bench engine|Missing required option: '--model=NAME'",
        "bench engine --model lenet --batch many|'many' is not an int",
        "bench engine --model lenet --precision float16|'float16' is none of auto, float32, bfloat16,"
            + " bf16",
        "evaluate --checkpoint a --dataset b --split tset|expected one of",
        "evaluate --checkpoint a --dataset b --batch x|'x' is not an int",
        "ingest --input a --output b --test-share x|'x' is not a double"
      })
  void wrongUsageHasExitCode2(String line, String said) {
    Outcome outcome = Outcome.of(line == null ? new String[0] : line.split(" "));
    assertThat(outcome.exitCode()).isEqualTo(2);
    assertThat(outcome.err()).contains(said).doesNotContain("\tat ");
    assertThat(outcome.out()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "train|--config FILE is missing",
        "models lenett|there is no model named lenett. Did you mean lenet or alexnet?",
        "datasets get mnits --to x|mnits",
        "ingest --input a --output b --shard-bytes many|many",
        "ingest --input a --output b --shard-bytes 1B|the shard size is 1 bytes",
        "ingest --input a --output b --test-share 0.6 --validation-share 0.6|leave nothing to train",
        "evaluate --checkpoint a --dataset b --batch 0|--batch is 0; at least 1 is needed",
        "predict --checkpoint a --input b --output c.csv --top 0|--top is 0; at least 1 is needed",
        "predict --checkpoint a --input b --output c.txt|its name ends with .csv",
        "resume --run nowhere-at-all|holds no run; `train` starts one there",
        "inspect --dataset nowhere-at-all|There is nothing at",
        "evaluate --checkpoint a --dataset nosuch://b/c --batch 0|--batch is 0",
        "inspect --dataset nosuch://b/c|No file system is known for nosuch://b/c"
      })
  void whatCannotBeHasExitCode2(String line, String said) {
    Outcome.of(line.split(" ")).refused(2, said);
  }

  @Test
  void configurationFileIsMissing() {
    String missing = folder.resolve("none.yaml").toString();
    Outcome.of("train", "--config", missing)
        .refused(2, "there is no configuration file file:" + missing);
  }

  @Test
  void configurationFileIsFolder() {
    Outcome.of("train", "--config", folder.toString())
        .refused(2, "there is no configuration file file:" + folder);
  }

  @Test
  void everyProblemOfConfigurationIsSaidAtOnce() throws IOException {
    Path config = folder.resolve("run.yaml");
    Files.writeString(
        config,
        """
        dataset: %1$s/dataset
        run: %1$s/run
        epochs: 0
        worker: 2
        batch: many
        sync: {step: 3}
        model: {name: lenet}
        optimizer: {learning_rate: -1, momentum: 1}
        """
            .formatted(folder));
    Outcome.of("train", "--config", config.toString(), "--set", "lose.label_smoothing=1")
        .refused(
            2,
            "epochs: is out of range",
            "worker: is an unknown key",
            "did you mean 'workers'?",
            "batch: ",
            "many",
            "sync.step: is an unknown key",
            "did you mean 'sync.steps'?",
            "optimizer.learning_rate: ",
            "optimizer.momentum: ",
            "lose: ");
    assertThat(folder.resolve("run")).doesNotExist();
  }

  @Test
  void damagedConfigurationIsRefused() throws IOException {
    Path config = folder.resolve("run.yaml");
    Files.write(config, new byte[] {'a', ':', ' ', '[', (byte) 0xff, 0, '\n'});
    Outcome.of("train", "--config", config.toString()).refused(2, "configuration");
  }

  @Test
  void damagedRunRecordIsSaid() throws IOException {
    Files.writeString(folder.resolve("run.json"), "{\"format\": 3, \"created\"");
    Outcome.of("resume", "--run", folder.toString())
        .refused(3, folder + "/run.json is damaged", "its checkpoints can be evaluated");
  }

  @Test
  void runRecordOfLaterFormatIsSaid() throws IOException {
    Files.writeString(folder.resolve("run.json"), "{\"format\": 4}");
    Outcome.of("resume", "--run", folder.toString())
        .refused(2, "has format 4; this version of Convoy reads format 3");
  }

  @Test
  void runRecordWithoutItsPartsIsDamaged() throws IOException {
    Files.writeString(folder.resolve("run.json"), "{\"format\": 3}");
    Outcome.of("resume", "--run", folder.toString()).refused(3, "run.json is damaged");
  }
}
